import { el } from "./dom.js";
import { clock, shortDay } from "./language.js";
import { setting } from "./settings.js";

const PIXELS_PER_LABEL = 120;
const TICK_MILLIS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000,
  600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000,
  172_800_000, 604_800_000, 1_209_600_000, 2_419_200_000,
];
const DAY_MILLIS = 86_400_000;

/**
 * Times under windows that stand side by side.
 *
 * @param {{start: number, length: number, count: number}} windows when the first begins and how long
 *     each is, in milliseconds, and how many there are
 * @param {number} width in pixels
 * @returns {Array<Node>}
 */
export function timeLabels({ start: begin, length, count }, width) {
  const labels = Math.max(3, Math.floor(width / PIXELS_PER_LABEL));
  const step =
    TICK_MILLIS.find((tick) => tick >= length && (count * length) / tick <= labels) ?? TICK_MILLIS.at(-1);
  const made = [];
  for (let i = 0; i < count; i++) {
    const start = begin + i * length;
    const shift = setting("zone") === "utc" ? 0 : new Date(start).getTimezoneOffset() * 60_000;
    if (Math.floor((start - shift) / step) !== Math.floor((start - length - shift) / step)) {
      const text = step >= DAY_MILLIS ? shortDay(start) : clock(start, step);
      const edge = i / count > 1 - 0.5 / labels ? "last" : i / count < 0.3 / labels ? "first" : "";
      made.push(el("span", { class: edge, css: { "--x": i / count } }, text));
    }
  }
  return made;
}
