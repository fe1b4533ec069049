/** A picture: what its segments did, and bars. */
import { h } from "../lib/dom.js";
import { initialize } from "../lib/session.js";
import { bars } from "../parts/bars.js";
import { guarded } from "../parts/guarded.js";
import { looks } from "../parts/looks.js";
import { marking } from "../parts/marking.js";
import css from "../parts/picture.css";
import { picture } from "../parts/picture.js";
import { shell } from "../parts/shell.js";
import { whatIf } from "../parts/whatif.js";

/** @param {import("../parts/shell.js").Host} host */
const render = (host) =>
  shell(host, css, (store) => {
    const { el, thumb, look } = picture(store);
    return [
      h(
        "section",
        { class: "ll-subject" },
        el,
        looks(store, look),
        whatIf(store, store.words.picture.invitation),
        marking(store),
      ),
      bars(store, { press: store.tries, extra: thumb }),
    ];
  });

export default guarded({ initialize, render }, "image");
