/** Saved pages with texts in them. */
import { mount } from "../lib/static_host.js";
import view from "../views/text.js";

mount("text", view);
