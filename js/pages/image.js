/** Saved pages with pictures in them. */
import { mount } from "../lib/static_host.js";
import view from "../views/image.js";

mount("image", view);
