/**
 * Drawing a map on the canvas that lies over a picture.
 *
 * @import { Rgba } from "./colour.js"
 * @import { Box, Cells, Field } from "./grid.js"
 * @import { Layers, Place, Why } from "./layers.js"
 */

import { colour } from "./colour.js";
import { contourLevel, contourLines } from "./contour.js";
import { contained, ringRound, sampled } from "./grid.js";

/** Line widths and the smallest ring, in CSS pixels. */
const CONTOUR = 1.5;
const RING = 2.5;
const SMALLEST_RING = 7;
/** The dark edge of a line, as a share of its width. */
const EDGE = 2.2;

/**
 * @typedef {Object} Look how the reader wants maps drawn
 * @property {boolean} raw
 * @property {number} opacity
 */

/**
 * @param {HTMLElement} figure with an img and a canvas of the same size over it
 * @param {Place} place
 * @param {Why} why
 * @param {Layers} layers
 * @param {Look} look
 */
export function paintPlace(figure, place, why, layers, look) {
  const canvas = figure.querySelector("canvas");
  const image = figure.querySelector("img");
  if (!canvas || !image) return;
  const scale = Math.min(window.devicePixelRatio || 1, 2);
  const frame = canvas.parentElement ?? canvas;
  canvas.width = Math.round(frame.clientWidth * scale);
  canvas.height = Math.round(frame.clientHeight * scale);
  const context = canvas.getContext("2d");
  if (!image.naturalWidth || !canvas.width || !context) return;
  const box = contained({ width: image.naturalWidth, height: image.naturalHeight }, canvas.width, canvas.height);
  const map = layers.maps[place];
  if (map) {
    const field = sampled(map, box, look.raw);
    const most = layers.mosts[place] ?? layers.most;
    paintField(context, field, box, (value) => colour(value / most, layers.amount, look.opacity), look.raw);
    if (look.opacity > 0) paintContour(context, field, box, scale);
  }
  const grid = map ?? why.views.score[place];
  const ring = layers.rings[place];
  if (ring !== undefined && grid) paintRing(context, grid, ring, box, scale);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Field} field
 * @param {Box} box
 * @param {(value: number) => Rgba} paint
 * @param {boolean} raw
 */
function paintField(context, field, box, paint, raw) {
  const pixels = new ImageData(field.width, field.height);
  for (const [at, value] of field.values.entries()) {
    if (Number.isNaN(value)) continue;
    const [red, green, blue, alpha] = paint(value);
    pixels.data.set([red, green, blue, Math.round(alpha * 255)], at * 4);
  }
  const small = document.createElement("canvas");
  small.width = field.width;
  small.height = field.height;
  small.getContext("2d")?.putImageData(pixels, 0, 0);
  context.imageSmoothingEnabled = !raw;
  context.drawImage(small, box.x, box.y, box.width, box.height);
}

/** @param {CanvasRenderingContext2D} context @param {Field} field @param {Box} box @param {number} scale */
function paintContour(context, field, box, scale) {
  const level = contourLevel(field.values);
  if (level === null) return;
  const path = new Path2D();
  for (const [x0, y0, x1, y1] of contourLines(field, level)) {
    path.moveTo(box.x + x0 * box.width, box.y + y0 * box.height);
    path.lineTo(box.x + x1 * box.width, box.y + y1 * box.height);
  }
  outline(context, path, CONTOUR * scale);
}

/** @param {CanvasRenderingContext2D} context @param {Cells} grid @param {number} cell @param {Box} box @param {number} scale */
function paintRing(context, grid, cell, box, scale) {
  const { x, y, radius } = ringRound(grid, cell, box);
  const path = new Path2D();
  path.arc(x, y, Math.max(radius, SMALLEST_RING * scale), 0, 2 * Math.PI);
  outline(context, path, RING * scale);
}

/** White with a dark edge: seen on any picture. @param {CanvasRenderingContext2D} context @param {Path2D} path @param {number} width */
function outline(context, path, width) {
  context.lineCap = "round";
  context.strokeStyle = "rgb(0 0 0 / 60%)";
  context.lineWidth = EDGE * width;
  context.stroke(path);
  context.strokeStyle = "#fff";
  context.lineWidth = width;
  context.stroke(path);
}
