import { el } from "./dom.js";
import { number, range, t, withUnit } from "./language.js";
import { othersOf } from "./kinds.js";
import { link } from "./routes.js";
import { visibleShort, visibleText } from "./visible.js";

/**
 * What the chart shows, as tables, the newest window first.
 *
 * @param {Object} detector as the server tells it
 * @param {Array<Object>} windows ascending
 * @param {Object|null} timeline of the top keys
 * @returns {Array<Node>}
 */
export function windowsTables({ name: detector, measure, others }, windows, timeline) {
  const hasOthers = othersOf({ others }) > 0;
  const name = visibleText(detector);
  const { epochs: [from] = [0], keys = [] } = timeline ?? {};
  const newestFirst = windows.toReversed();
  const valueAt = ({ values }, { epoch }) => values[epoch - from] ?? null;
  const head = (titles) =>
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        titles.map((title, i) => el("th", { scope: "col", class: i ? "number" : "" }, title)),
      ),
    );
  const row = ({ epoch, start, end }, cells) =>
    el(
      "tr",
      {},
      el(
        "th",
        { scope: "row" },
        el("a", { href: link.window(detector, epoch) }, range(Date.parse(start), Date.parse(end))),
      ),
      cells.map((cell) => el("td", { class: "number" }, cell)),
    );
  return [
    scrolling(
      el(
        "table",
        {},
        el("caption", {}, t("table.windows", { detector: name })),
        head([
          t("window"),
          t("heavy_hitter"),
          t("heavy_changer"),
          ...(hasOthers ? [t("others")] : []),
          t("state.received"),
          t("window.total"),
        ]),
        el(
          "tbody",
          {},
          newestFirst.map((window) =>
            row(window, [
              number(window.hitters),
              number(window.changers),
              ...(hasOthers ? [number(othersOf(window))] : []),
              number(window.events),
              withUnit(window.total, measure),
            ]),
          ),
        ),
      ),
    ),
    scrolling(
      el(
        "table",
        {},
        el("caption", {}, t("table.top-keys", { detector: name, measure: visibleText(measure) })),
        head([t("window"), ...keys.map(({ key }) => visibleShort(key, 24))]),
        el(
          "tbody",
          {},
          newestFirst
            .filter((window) => keys.some((key) => valueAt(key, window) !== null))
            .map((window) =>
              row(
                window,
                keys.map((key) => {
                  const value = valueAt(key, window);
                  return value === null ? "" : number(value);
                }),
              ),
            ),
        ),
      ),
    ),
  ];
}

/** A table that may be wider than the page scrolls by itself, with the keyboard too. */
function scrolling(table) {
  const label = table.querySelector("caption").textContent;
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, table);
}
