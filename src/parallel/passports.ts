// What crosses by reference, besides what shared makes.
//
// A function calls for it, since a bundler may leave out a module that is only there to be evaluated.

import { addBuffers } from "./buffers.js";
import { addCells } from "./cells.js";
import { addContexts } from "./crossing.js";

let added = false;

export function addPassports(): void {
  if (added) return;
  added = true;
  addContexts();
  addCells();
  addBuffers();
}
