/** Saved pages with rows of tables in them. */
import { mount } from "../lib/static_host.js";
import view from "../views/table.js";

mount("table", view);
