/** Saved pages with trainings in them. */
import { mount } from "../lib/static_host.js";
import view from "../views/training.js";

mount("training", view);
