/** Saved pages with comparisons in them. */
import { mount } from "../lib/static_host.js";
import view from "../views/compare.js";

mount("compare", view);
