/** What tests/browser asks of a page that shows views: contrasts, what sticks out, what has the focus. */

const LINES = 0.5;
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const inSight = (el) => el.checkVisibility();
const pixel = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

/** Red, green and blue of these colours painted over one another. */
function painted(colours) {
  for (const colour of ["white", ...colours]) {
    pixel.fillStyle = colour;
    pixel.fillRect(0, 0, 1, 1);
  }
  return [...pixel.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

/** Relative luminance, as WCAG 2.2 defines it. */
function luminance(colours) {
  const linear = painted(colours).map((c) =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  );
  return linear[0] * 0.2126 + linear[1] * 0.7152 + linear[2] * 0.0722;
}

/** Backgrounds beneath an element's contents, the lowest first. */
function grounds(el) {
  const found = [];
  for (let at = el; at; at = at.parentElement) found.unshift(getComputedStyle(at).backgroundColor);
  return found;
}

function ratio(colour, ground) {
  const [a, b] = [luminance([...ground, colour]), luminance(ground)];
  return Math.round((100 * (Math.max(a, b) + 0.05)) / (Math.min(a, b) + 0.05)) / 100;
}

/** The least contrast of words, by the class of what holds them; of tokens, by their heat. */
function words() {
  const least = {};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const el = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !inSight(el) || !el.closest(".ll-view")) continue;
    if (el.closest(":disabled")) continue;
    const share = el.style.getPropertyValue("--ll-share");
    const name = el.matches(".ll-token") ? `token ${share}` : el.className || el.tagName;
    least[name] = Math.min(least[name] ?? Infinity, ratio(getComputedStyle(el).color, grounds(el)));
  }
  return least;
}

/** What is drawn: whose colour, and which property has it. */
const DRAWN = [
  ["li[data-sign=for]:not([data-out]) .ll-bar", "backgroundColor"],
  ["li[data-sign=against]:not([data-out]) .ll-bar", "backgroundColor"],
  ["li[data-out] .ll-bar", "borderTopColor"],
  [".ll-whisker", "backgroundColor"],
  [".ll-zero", "backgroundColor"],
  [".ll-tick", "backgroundColor"],
  [".ll-value input", "borderBottomColor"],
  [".ll-chip[aria-pressed=true]", "borderTopColor"],
  [".ll-trace path", "stroke"],
  [".ll-ask", "color"],
];

/** The least contrast of each of these with what is around it. */
function drawn() {
  const least = {};
  for (const [selector, property] of DRAWN)
    for (const el of all(selector).filter(inSight)) {
      const found = ratio(getComputedStyle(el)[property], grounds(el.parentElement));
      least[selector] = Math.min(least[selector] ?? Infinity, found);
    }
  // Underlines lie on their word's own heat.
  for (const el of all(".ll-token:is([data-sign=for], [data-sign=against])").filter(inSight)) {
    const found = ratio(getComputedStyle(el).textDecorationColor, grounds(el));
    const name = `underline, ${el.dataset.sign}`;
    least[name] = Math.min(least[name] ?? Infinity, found);
  }
  for (const rail of all(".ll-rail").filter(inSight)) {
    const probe = rail.appendChild(document.createElement("i"));
    for (const name of ["--ll-accent", "--ll-fg"]) {
      probe.style.color = `var(${name})`;
      const found = ratio(getComputedStyle(probe).color, grounds(rail));
      least[`slider ${name}`] = Math.min(least[`slider ${name}`] ?? Infinity, found);
    }
    probe.remove();
  }
  return least;
}

/** What is wider than its card, apart from what only is heard. */
const beyond = () =>
  all(".ll-card").flatMap((card) => {
    const { right } = card.getBoundingClientRect();
    return all("*", card)
      .filter((el) => inSight(el) && !el.closest(".ll-voice, .ll-heard, svg, .ll-text"))
      .filter((el) => el.getBoundingClientRect().right > right + LINES)
      .map((el) => `${el.tagName} ${el.className}`);
  });

/** Words that are cut off, of all that is not a name of the user's. */
const cut = () =>
  all(".ll-card :is(button:not(.ll-row), p, b, dt, dd, li, .ll-readout, .ll-hint)")
    .filter((el) => inSight(el) && getComputedStyle(el).overflowX !== "visible")
    .filter((el) => el.scrollWidth > el.clientWidth + 1)
    .map((el) => `${el.className} ${el.textContent.slice(0, 40)}`);

/** Where the focus is: its place in the card, its ring, and whether it is in sight. */
function focused() {
  const el = document.activeElement;
  const [{ x, y, width, height }, style] = [el.getBoundingClientRect(), getComputedStyle(el)];
  const top = document.elementFromPoint(x + Math.min(width / 2, 12), y + height / 2);
  const card = el.closest("article");
  return {
    id: el.id,
    place: card ? all("*", card).indexOf(el) : -1,
    ring: `${style.outlineStyle} ${style.outlineWidth}`,
    seen: !!top && (el.contains(top) || top.contains(el)),
    name: el.getAttribute("aria-label") ?? el.textContent,
  };
}

/** Put a button before and behind all views, and go to the first. */
function fence() {
  const [before, after] = ["before", "after"].map((id) =>
    Object.assign(document.createElement("button"), { id, textContent: id }),
  );
  document.body.prepend(before);
  document.body.append(after);
  before.focus();
}

/** Write down all that is said aloud from now on. */
function listen() {
  globalThis.heard = [];
  const watch = { childList: true, characterData: true, subtree: true };
  for (const el of all("[aria-live]:not([aria-live=off]), [role=status], [role=alert], output"))
    new MutationObserver(() => globalThis.heard.push(el.textContent)).observe(el, watch);
}

/** Left ends of what is drawn, in their cards. */
const lefts = () =>
  all(".ll-bar, .ll-zero, .ll-number, .ll-chip").map((el) =>
    Math.round(el.getBoundingClientRect().left - el.closest(".ll-view").getBoundingClientRect().left),
  );

globalThis.access = { words, drawn, beyond, cut, focused, fence, listen, lefts };
