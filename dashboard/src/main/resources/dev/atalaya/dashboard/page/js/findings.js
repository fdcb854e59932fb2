import { el } from "./dom.js";
import { hasKey, kindOf } from "./kinds.js";
import { clock, hasText, number, percent, sentence, shortDay, signed, t, times, withUnit } from "./language.js";
import { link } from "./routes.js";
import { visibleShort, visibleText } from "./visible.js";

/** Rows that are made at once; a window may have thousands. */
const ROWS = 100;

const MARKS = { new: "▲", rose: "▲", fell: "▼", vanished: "▼", changed: "◆" };

/** What it says in one word: of a change new, rose, fell, vanished or changed, else its action. */
export function wordOf(alert) {
  const { Atalaya: own } = alert;
  const { action } = kindOf(alert);
  if (action !== "heavy_changer") {
    return action;
  }
  if (own.direction === "up") {
    return own.expected_upper === 0 ? "new" : "rose";
  }
  if (own.direction === "down") {
    return own.actual_upper === 0 ? "vanished" : "fell";
  }
  return "changed";
}

/** Whether it is a change that is judged, not a value. */
export const isChange = ({ event }) => event.action === "heavy_changer" || event.action.startsWith("unusual_");

export const kindClass = (alert) => kindOf(alert).colour;

/** The mark and the word; colour is never all that tells them apart. */
export function findingNode(alert) {
  const word = wordOf(alert);
  return el(
    "span",
    { class: `finding ${kindClass(alert)}` },
    el("span", { class: "mark", "aria-hidden": "true" }, MARKS[word] ?? kindOf(alert).mark),
    t(`finding.${word}`),
  );
}

/** How its episode goes on, or null; that it is over is said already. */
export function stateNode({ Atalaya: own }) {
  const state = own.episode_state;
  return state !== "closed" && hasText(`episode.${state}`) ? el("small", {}, t(`episode.${state}`)) : null;
}

/** The key's values, with the names of their fields when there are several. */
export function keyNode(alert, most = 48) {
  const { Atalaya: own } = alert;
  if (!hasKey(alert)) {
    return el("span", { class: "muted" }, traitOf(alert));
  }
  const values = own.key_values ?? [own.key];
  const names = own.key_fields ?? [];
  const shown = (value) =>
    value === "" ? el("span", { class: "escaped" }, `⟨${t("key.empty")}⟩`) : visibleShort(value, most);
  if (values.length === 1) {
    return el("span", { class: "key" }, shown(values[0]));
  }
  return el(
    "span",
    { class: "key" },
    values.map((value, i) =>
      el("span", { class: "part" }, el("small", {}, visibleShort(names[i] ?? "", most)), " ", shown(value)),
    ),
  );
}

/** What of the window as a whole it is about. */
const traitOf = ({ event, Atalaya: own }) =>
  event.action === "silence" ? t("trait.events") : t(WHOLE.includes(own.measure) ? `trait.${own.measure}` : "trait");

const WHOLE = ["keys", "millibits"];

export function certaintyNode({ Atalaya: own }) {
  if (own.certainty === undefined) {
    return t("state.none");
  }
  const known = own.certainty === "certain" || own.certainty === "possible";
  return el(
    "span",
    { class: `pill ${known ? own.certainty : ""}`, title: known ? t(`${own.certainty}.why`) : null },
    known ? t(own.certainty) : visibleShort(own.certainty ?? "", 20),
  );
}

/** "13,279 to 14,805", or null when both are the same. */
export const boundsText = (lower, upper) =>
  lower === undefined || lower === upper ? null : t("bounds", { lower: number(lower), upper: number(upper) });

/** The value with its unit and, where they differ, its bounds. */
export const valueText = (own, name) =>
  own[`${name}_lower`] === own[`${name}_upper`]
    ? withUnit(own[name], own.measure)
    : t("range", {
        value: withUnit(own[name], own.measure),
        lower: number(own[`${name}_lower`]),
        upper: number(own[`${name}_upper`]),
      });

/** What it says in one sentence, in the reader's language. */
export function sentenceNode(alert) {
  const { Atalaya: own } = alert;
  const hasShare = own.share !== undefined;
  return sentence(`sentence.${sentenceOf(alert)}`, {
    key: keyNode(alert, 200),
    value: own.actual === undefined ? t("state.none") : valueText(own, "actual"),
    before: own.expected === undefined ? t("state.none") : valueText(own, "expected"),
    usual: own.expected === undefined ? t("state.none") : usualText(own),
    share: hasShare ? percent(own.share) : "",
    total: withUnit(own.window_total, own.measure),
    peak: own.episode_peak === undefined ? t("state.none") : withUnit(own.episode_peak, own.measure),
    n: own.episode_windows ?? 0,
  });
}

function sentenceOf(alert) {
  const { Atalaya: own } = alert;
  const word = wordOf(alert);
  const isLearned = own.expected_kind !== undefined && own.expected_kind !== "previous_window";
  if (word === "heavy_hitter") {
    return own.share === undefined ? `${word}.no-share` : word;
  }
  if (["rose", "fell", "new", "vanished"].includes(word) && isLearned) {
    return own.direction === "up" ? "rose.usual" : "fell.usual";
  }
  if (kindOf(alert).action.startsWith("unusual_")) {
    return own.direction === "down" ? "fell.usual" : "rose.usual";
  }
  return word;
}

/** The range of what was learned. */
const usualText = ({ expected_lower: lower, expected_upper: upper, measure }) =>
  t("usual", { lower: number(lower), upper: withUnit(upper, measure) });

const percentOf = (value, scale) => `${scale > 0 ? Math.min(100, (100 * Number(value)) / scale) : 0}%`;

/** The length of the longest bar of these alerts. */
export const scaleOf = (alerts) =>
  alerts
    .filter(hasValue)
    .reduce(
      (most, { Atalaya: own }) =>
        Math.max(most, Math.abs(Number(own.actual_upper)), Math.abs(Number(own.expected_upper ?? 0))),
      0,
    );

/** Whether it has a value on the scale of its detector: not the window as a whole, nor an end. */
const hasValue = (alert) => hasKey(alert) && alert.Atalaya.actual_upper !== undefined;

/**
 * A value as a bar: as far as the lower bound for certain, on to the upper one perhaps. Of a change,
 * the way from the value before to the one now.
 */
export function barNode(alert, scale) {
  if (!hasValue(alert)) {
    return null;
  }
  const { Atalaya: own } = alert;
  const at = (value) => percentOf(Math.abs(Number(value)), scale);
  if (!isChange(alert) || own.expected === undefined) {
    return el(
      "span",
      { class: `bar ${kindClass(alert)}`, "aria-hidden": "true" },
      el("span", { class: "maybe", css: { "--to": at(own.actual_upper) } }),
      el("span", { class: "sure", css: { "--to": at(own.actual_lower) } }),
      el("span", { class: "threshold", css: { "--to": at(own.threshold) } }),
    );
  }
  const [low, high] = [own.expected, own.actual].sort((a, b) => (a < b ? -1 : 1));
  return el(
    "span",
    { class: "bar changer", "aria-hidden": "true" },
    el("span", { class: "way", css: { "--from": at(low), "--to": at(high) } }),
    el("span", { class: "before", css: { "--to": at(own.expected) } }),
    el("span", { class: "now", css: { "--to": at(own.actual) } }),
  );
}

function changeNode(alert) {
  const { Atalaya: own } = alert;
  if (own.delta === undefined || own.direction === undefined) {
    return t("state.none");
  }
  const up = own.direction === "up";
  const bounds = boundsText(own.delta_lower, own.delta_upper);
  const extreme = hasKey(alert) ? t(up ? "finding.new" : "finding.vanished") : "";
  return el(
    "span",
    { class: "two-lines" },
    signed(up ? own.delta : -own.delta),
    el("small", {}, bounds ?? (own.ratio ? times(own.ratio) : extreme)),
  );
}

/**
 * A table of alerts that grows as it is scrolled.
 *
 * @param {{caption: string, time: boolean, detector: boolean}} options
 */
export function findingsTable(alerts, { caption, time = false, detector = false }) {
  const scale = scaleOf(alerts);
  const numbers = "number";
  const columns = [
    !time && ["#", numbers, ({ Atalaya: own }) => (own.rank === undefined ? "" : number(own.rank))],
    time && [t("time"), "", timeNode],
    detector && [t("detector"), "", (alert) => visibleShort(alert.rule.name, 32)],
    [t("finding"), "", (alert) => el("span", { class: "two-lines" }, findingNode(alert), stateNode(alert))],
    [t("key"), "wide", (alert) => keyNode(alert)],
    [
      t("value"),
      "value",
      (alert) => {
        const { Atalaya: own } = alert;
        if (own.actual === undefined) {
          return own.episode_peak === undefined
            ? t("state.none")
            : el(
                "span",
                { class: "two-lines" },
                withUnit(own.episode_peak, own.measure),
                el("small", {}, t("episode.peak")),
              );
        }
        const bounds = boundsText(own.actual_lower, own.actual_upper);
        return el(
          "span",
          { class: "two-lines" },
          el("span", {}, withUnit(own.actual, own.measure), bounds && el("small", {}, bounds)),
          // Of several detectors the values have no common scale.
          detector ? null : barNode(alert, scale),
        );
      },
    ],
    [
      t("share"),
      numbers,
      ({ Atalaya: own }) => (own.share === undefined ? t("state.none") : percent(own.share)),
    ],
    [t("change"), numbers, changeNode],
    [t("certainty"), "", certaintyNode],
    [
      t("details"),
      "",
      (alert) =>
        el(
          "a",
          {
            href: link.alert(alert.event.id),
            "aria-label": t("details.of", {
              key: hasKey(alert) ? visibleText(alert.Atalaya.key.slice(0, 200)) : traitOf(alert),
            }),
          },
          t("details"),
        ),
    ],
  ].filter(Boolean);

  // The roles are those of the elements; said, since a narrow page shows each row as a card.
  const body = el("tbody", { role: "rowgroup" });
  const table = el(
    "table",
    { class: "findings", role: "table", "aria-rowcount": alerts.length + 1 },
    el("caption", {}, caption),
    el(
      "thead",
      { role: "rowgroup" },
      el(
        "tr",
        { role: "row" },
        columns.map(([title, kind]) => el("th", { scope: "col", role: "columnheader", class: kind }, title)),
      ),
    ),
    body,
  );
  const rowOf = (alert, i) =>
    el(
      "tr",
      { role: "row", "aria-rowindex": i + 2 },
      columns.map(([title, kind, cell]) =>
        el("td", { role: "cell", class: kind, "data-title": title }, cell(alert)),
      ),
    );
  return el("div", { class: "table-box" }, table, growing(body, alerts, rowOf));
}

/** Fills `body` piece by piece; the button that does it presses itself when it comes into sight. */
function growing(body, items, rowOf) {
  let made = 0;
  const more = () => {
    body.append(...items.slice(made, made + ROWS).map((item, i) => rowOf(item, made + i)));
    made = Math.min(items.length, made + ROWS);
    const left = items.length - made;
    button.hidden = left === 0;
    button.textContent = t("more", { n: Math.min(left, ROWS) });
  };
  const button = el("button", { type: "button", class: "more", on: { click: () => more() } });
  more();
  if (!button.hidden) {
    new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && more(), {
      rootMargin: "400px",
    }).observe(button);
  }
  return button;
}

/** When its window was. */
export function timeNode({ event }) {
  const start = Date.parse(event.start);
  const length = Date.parse(event.end) - start;
  return el(
    "time",
    { class: "two-lines", datetime: event.start, title: `${event.start} – ${event.end}` },
    clock(start, length),
    el("small", {}, shortDay(start)),
  );
}
