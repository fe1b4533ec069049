"""Pages whose views stay alive with no kernel and no network, and fragments of them for other pages.

A page holds the states of notebooks' views, their scripts, and for the moment
before these start, and wherever they can't, a message and a picture. Its
policy allows these scripts, its own style and pictures that are in it, and no
request. What users named is text, and never markup.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import escape
from string import Template
from typing import Any

from limelight.explanation import Explanation
from limelight.export.compare import picture as picture_of_comparison
from limelight.export.measure import printable
from limelight.export.named import is_a
from limelight.export.overview_picture import picture as picture_of_overview
from limelight.export.packed import letters, packed
from limelight.export.picture import picture
from limelight.export.training_picture import picture as picture_of_training
from limelight.export.words import LABELS, WORDS
from limelight.widgets.view import STATIC
from limelight.widgets.whole import traits_of, whole_state

PAGE = Template("""\
<!doctype html>
<html lang="$language" data-theme="$theme"$marks>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src $allowed; style-src $styled; \
img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types limelight">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title$titles>$title</title>
<style>$style</style>
</head>
<body>
<main data-count="$count" data-old="$old">
$head$sections
</main>
$foot$scripts
</body>
</html>
""")
SECTION = Template("""\
<section data-view="$view">
$heading<div class="still">$waiting\
<noscript><p class="note" data-now>$scripts</p></noscript>$picture</div>
<script type="application/gzip" data-length="$length">$data</script>
</section>""")
FRAME = Template("""\
<iframe title="$title" width="100%" height="$height" frameborder="0" loading="lazy" sandbox="allow-scripts" \
srcdoc="$page"></iframe><script>$listener</script>
""")
HEIGHTS = {"text": 560, "image": 680, "table": 520, "compare": 560, "overview": 860, "training": 900}
"""Pixels that a view takes, as a rule: a frame begins with them, and is told better."""
LISTENER = """\
(()=>{const f=document.currentScript.previousElementSibling;addEventListener("message",e=>{\
const h=e.source===f.contentWindow&&e.data?e.data.limelight:0;\
if(typeof h==="number"&&h>=60&&h<=20000)f.height=Math.ceil(h)})})()"""
"""Hears how high the frame before it wants to be, from that frame only, and takes nothing but such a number."""


NAMELESS = ("function", "<lambda>")


@dataclass
class Part:
    """One view of a page: its name, heading by language and state; a picture of it and the same in words, or ""."""

    view: str
    headings: dict[str, str]
    state: dict[str, Any]
    picture: str
    words: str


def page_of(shown: Sequence[Any], title: str | None = None) -> str:
    """Make a page.

    Parameters
    ----------
    shown : sequence of Explanation, LiveView, Comparison, Overview or Tracker
        What it shows, one below the other.
    title : str, optional

    Returns
    -------
    str
        HTML, the same for the same states.
    """
    parts = [_part(one) for one in shown]
    several = {language: said["several"].format(n=len(parts)) for language, said in WORDS.items()}
    headings = parts[0].headings if len(parts) == 1 else several
    if title:
        headings = dict.fromkeys(WORDS, title)
    language = _chosen(parts, "language")
    foot = _element("footer", {name: said["foot"] for name, said in WORDS.items()}, language)
    return _document(parts, headings, head=_element("h1", headings, language, ' dir="auto"') + "\n", foot=foot + "\n")


def fragment_of(shown: Sequence[Any], title: str | None = None) -> str:
    """Make an iframe that holds a page, all in one line, to paste into HTML or Markdown.

    What is in it can read and do nothing outside. It tells how high it is; where the page around lets no script
    hear that, it keeps the height that it begins with, and scrolls.
    """
    parts = [_part(one) for one in shown]
    language = _chosen(parts, "language").replace("auto", "en")
    heading = title or "; ".join(part.headings[language] for part in parts)
    page = escape(_document(parts, dict.fromkeys(WORDS, heading), marks=" data-fragment")).replace("\n", "&#10;")
    return FRAME.substitute(title=_text(heading), height=sum(HEIGHTS[part.view] for part in parts), page=page,
                            listener=LISTENER)


def _document(parts: list[Part], titles: dict[str, str], *, head: str = "", foot: str = "", marks: str = "") -> str:
    """Scripts come last: whatever is cut off of a page, what stands until they start is there."""
    scripts, boot = [_asset(f"{view}.js") for view in dict.fromkeys(part.view for part in parts)], _asset("boot.js")
    style, chosen = _asset("page.css"), _chosen(parts, "language")
    if chosen == "auto":
        marks += ' data-language="auto"'
    language = chosen.replace("auto", "en")
    return PAGE.substitute(
        language=language, theme=_chosen(parts, "theme"), marks=marks, title=_text(titles[language]),
        titles=_translated(titles, chosen), style=style, allowed=" ".join(_hash(script) for script in [boot, *scripts]),
        styled=_hash(style), count=len(parts), head=head, foot=foot,
        old=_text(WORDS[language]["old"]), scripts="\n".join([*map(_compressed, scripts), f"<script>{boot}</script>"]),
        sections="\n".join(_section(part, chosen, headed=len(parts) > 1) for part in parts))


def _section(part: Part, language: str, *, headed: bool) -> str:
    data, image = packed(part.state), b64encode(part.picture.encode()).decode()
    said = {name: {what: f"{words[what]} {words['picture']}" if image else words[what]
                   for what in ("waiting", "scripts")} for name, words in WORDS.items()}
    heading = _element("h2", part.headings, language, ' dir="auto"') + "\n" if headed else ""
    waiting = _element("p", {name: words["waiting"] for name, words in said.items()}, language, ' class="note"')
    return SECTION.substitute(
        view=part.view, heading=heading, data=data, length=len(data), waiting=waiting,
        scripts=said[language.replace("auto", "en")]["scripts"],
        picture=f'<img alt="{_text(part.words)}" src="data:image/svg+xml;base64,{image}">' if image else "")


def _element(tag: str, texts: dict[str, str], language: str, attributes: str = "") -> str:
    """A text in the page's language; where the browser may choose that, in the other one too."""
    text = _text(texts[language.replace("auto", "en")])
    return f"<{tag}{attributes}{_translated(texts, language)}>{text}</{tag}>"


def _translated(texts: dict[str, str], language: str) -> str:
    """An attribute that static_host.js reads, where it would change anything."""
    differs = language == "auto" and texts["zh"] != texts["en"]
    return f' data-zh="{_text(texts["zh"])}"' if differs else ""


def _part(one: Any) -> Part:
    """What a page holds of an explanation, of a live view as it is now, of a comparison, an overview or a training."""
    if is_a("Tracker", one):
        state = traits_of(one.view)
        model = state["about"]["model"]
        headings = {language: said["training"].format(model=said["model"] if model in NAMELESS else model)
                    for language, said in WORDS.items()}
        return Part("training", headings, state, picture_of_training(one), repr(one))
    if is_a("Overview", one):
        headings = {language: said["overview"].format(
            model=said["model"] if one.model in NAMELESS else one.model, n=one.n_rows, what=said[one.kind])
            for language, said in WORDS.items()}
        return Part("overview", headings, traits_of(one.view), picture_of_overview(one), repr(one))
    if is_a("Comparison", one):
        state = traits_of(one.view)
        names = [column["name"] for column in state["columns"]]
        headings = {language: said["comparison"].format(names=" · ".join(LABELS[language].get(name, name)
                                                                         for name in names))
                    for language, said in WORDS.items()}
        return Part("compare", headings, state, picture_of_comparison(one), repr(one))
    live = one.view if isinstance(one, Explanation) else one
    state = whole_state(live.widget)
    answered = live.widget.run.answered
    shown = one if isinstance(one, Explanation) else live.explanation if answered else None
    headings = {language: _why(state, language) for language in WORDS}
    return Part(state["subject"]["kind"], headings, state, picture(shown) if shown else "",
                repr(shown) if shown else "")


def _why(state: dict[str, Any], language: str) -> str:
    """A heading: the model, and what it says, with the unit of a number that is no probability."""
    outputs, target = state["outputs"], state["settings"]["target"]
    prediction, name, space = outputs["prediction"][target], outputs["names"][target], outputs["space"]
    said, model = WORDS[language], state["subject"]["model"]
    unit = "" if space in ("probability", "value") else f"{LABELS[language].get(space, space)} "
    output = name if prediction is None else f"{name} ({unit}{prediction:.3g})"
    return said["why"].format(model=said["model"] if model in NAMELESS else model, output=output)


def _chosen(parts: list[Part], name: str) -> str:
    """The language or theme that all views were made with, or "auto"."""
    found = {part.state["look"][name] for part in parts}
    return str(found.pop()) if len(found) == 1 else "auto"


@cache
def _asset(name: str) -> str:
    return (STATIC / "page" / name).read_text(encoding="utf-8")


def _compressed(script: str) -> str:
    """A script that js/pages/boot.js unpacks: as it is it would be most of a page."""
    return f'<script type="application/gzip">{letters(script.encode())}</script>'


def _hash(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


def _text(text: str) -> str:
    """As text: in an element, or in the value of an attribute."""
    return escape(printable(text.replace("\n", " ")))
