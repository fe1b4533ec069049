/** Saved pages with overviews in them. */
import { mount } from "../lib/static_host.js";
import view from "../views/overview.js";

mount("overview", view);
