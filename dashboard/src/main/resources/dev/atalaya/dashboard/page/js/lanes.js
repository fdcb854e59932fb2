import { el } from "./dom.js";
import { t, withUnit } from "./language.js";
import { visibleShort } from "./visible.js";

const LEAST_HEIGHT = 0.12;

/**
 * The values of the top keys over windows that stand side by side, all on one scale.
 *
 * @param {Object|null} timeline as the server tells it
 * @param {number} first epoch
 * @param {number} count of windows
 * @returns {Array<Node>}
 */
export function lanes(timeline, first, count) {
  const { epochs: [from] = [0], keys = [], measure } = timeline ?? {};
  const shown = keys
    .map(({ key, values }) => ({
      key,
      values: values
        .map((value, i) => ({ value, x: from + i - first }))
        .filter(({ value, x }) => value !== null && x >= 0 && x < count),
    }))
    .filter(({ values }) => values.length > 0);
  if (shown.length === 0) {
    return [el("p", { class: "muted" }, t("top-keys.none"))];
  }
  const most = Math.max(
    ...shown.flatMap(({ values }) => values.map(({ value }) => Math.abs(Number(value)))),
    1,
  );
  return shown.map(({ key, values }) => lane(key, values, most, count, measure));
}

/** One key: its values over the windows, all keys on the same scale. */
function lane(key, values, most, count, measure) {
  const bars = values
    .filter(({ value }) => value != 0)
    .map(({ value, x }) => {
      const height = Math.max(LEAST_HEIGHT, Math.abs(Number(value)) / most);
      return `M${x + 0.1} 1V${1 - height}h.8V1z`;
    });
  const gone = values.filter(({ value }) => value == 0).map(({ x }) => `M${x + 0.1} 1v-.12h.8V1z`);
  const largest = values.reduce((a, b) =>
    Math.abs(Number(b.value)) > Math.abs(Number(a.value)) ? b : a,
  ).value;
  return el(
    "div",
    { class: "lane" },
    el(
      "p",
      {},
      el("span", { class: "key" }, visibleShort(key, 40)),
      el("span", { class: "muted" }, t("top-keys.most", { value: withUnit(largest, measure) })),
    ),
    el(
      "svg:svg",
      { viewBox: `0 0 ${count} 1`, preserveAspectRatio: "none", "aria-hidden": "true" },
      el("svg:path", { class: "values", d: bars.join("") }),
      el("svg:path", { class: "gone", d: gone.join("") }),
    ),
  );
}
