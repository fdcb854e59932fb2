import * as api from "./api.js";
import { el } from "./dom.js";
import {
  barNode,
  boundsText,
  certaintyNode,
  findingNode,
  isHitter,
  keyNode,
  kindClass,
  scaleOf,
  sentenceNode,
  timeNode,
} from "./findings.js";
import { dayAndRange, number, percent, t, times, withUnit } from "./language.js";
import { link } from "./routes.js";
import { failure, loading, note } from "./states.js";
import { store } from "./store.js";
import { visible, visibleShort } from "./visible.js";

/** One finding: its sentence, its numbers with their bounds, and the same key in other windows. */
export class AlertView {
  root = el("article", { class: "alert panel" }, loading());
  #asking = new AbortController();
  #id;

  constructor({ id }) {
    this.#id = id;
    this.#load();
  }

  name() {
    return t("alert");
  }

  update() {}

  destroy() {
    this.#asking.abort();
  }

  async #load() {
    try {
      const found = await api.alert(this.#id, this.#asking.signal);
      const { event, rule } = found.alert;
      this.#draw(found, await store.epochOf(rule.name, Date.parse(event.start)));
    } catch (e) {
      if (e.name !== "AbortError") {
        this.root.replaceChildren(failure(e, () => this.#load()));
      }
    }
  }

  #draw({ alert, before, after }, epoch) {
    const { event, rule } = alert;
    const when = dayAndRange(Date.parse(event.start), Date.parse(event.end));
    this.root.replaceChildren(
      el(
        "header",
        {},
        el(
          "div",
          {},
          el("p", { class: "over" }, findingNode(alert), certaintyNode(alert)),
          el("h1", { tabindex: "-1", class: "sentence" }, sentenceNode(alert)),
          el(
            "p",
            { class: "muted" },
            el("a", { href: link.detector(rule.name) }, visibleShort(rule.name, 64)),
            " · ",
            epoch === null ? when : el("a", { href: link.window(rule.name, epoch) }, when),
          ),
        ),
      ),
      figure(alert),
      el("section", {}, el("h2", {}, t("alert.neighbours")), neighbours(alert, before, after)),
      el("section", {}, el("h2", {}, t("alert.facts")), facts(alert)),
      el(
        "details",
        {},
        el("summary", {}, t("alert.document")),
        el("pre", { tabindex: "0" }, visible(written(alert), { lines: true })),
      ),
    );
  }
}

/** The bounds as a picture that is also a table: how it was, how it is, how much it changed. */
function figure(alert) {
  const { Atalaya: own } = alert;
  const hitter = isHitter(alert);
  const rows = [
    own.expected !== undefined && ["alert.before", "expected", false],
    ["alert.now", "actual", hitter],
    own.delta !== undefined && ["alert.change", "delta", !hitter],
  ].filter(Boolean);
  const size = (value) => Math.abs(Number(value));
  const most = Math.max(...rows.map(([, name]) => size(own[`${name}_upper`])), size(own.threshold), 1) * 1.04;
  const at = (value) => `${(100 * size(value)) / most}%`;
  const threshold = t("alert.threshold");
  return el(
    "figure",
    { class: `bounds ${kindClass(alert)}` },
    el(
      "table",
      {},
      el("caption", {}, t("alert.figure")),
      el(
        "tbody",
        {},
        rows.map(([title, name, isJudged]) => {
          const [lower, upper] = [own[`${name}_lower`], own[`${name}_upper`]];
          return el(
            "tr",
            { class: isJudged ? "judged" : null },
            el("th", { scope: "row" }, t(title)),
            el(
              "td",
              { class: "track" },
              el(
                "span",
                { class: "bar", "aria-hidden": "true" },
                el("span", { class: "maybe", css: { "--to": at(upper) } }),
                el("span", { class: "sure", css: { "--to": at(lower) } }),
                isJudged && el("span", { class: "threshold", css: { "--to": at(own.threshold) } }),
              ),
              isJudged &&
                el(
                  "small",
                  {
                    class: size(own.threshold) > most / 2 ? "limit left" : "limit",
                    css: { "--to": at(own.threshold) },
                  },
                  `${threshold} ${number(own.threshold)}`,
                ),
            ),
            el(
              "td",
              { class: "number two-lines" },
              withUnit(own[name], own.measure),
              el("small", {}, boundsText(lower, upper) ?? t("alert.exact")),
            ),
          );
        }),
      ),
    ),
    el(
      "figcaption",
      { class: "muted" },
      own.certainty === "certain" || own.certainty === "possible" ? t(`${own.certainty}.why`) : "",
    ),
  );
}

function neighbours(alert, before, after) {
  const { rule, Atalaya: own } = alert;
  const all = [...after.toReversed(), alert, ...before];
  const scale = scaleOf(all);
  return [
    all.length === 1 ? note(t("alert.neighbours.none")) : "",
    el(
      "ol",
      { class: "neighbours" },
      all.map((each) =>
        el(
          "li",
          { "aria-current": each === alert ? "true" : null },
          each === alert
            ? el("span", { class: "when" }, timeNode(each))
            : el("a", { class: "when", href: link.alert(each.event.id) }, timeNode(each)),
          findingNode(each),
          barNode(each, scale),
          el("span", { class: "number" }, withUnit(each.Atalaya.actual, own.measure)),
        ),
      ),
    ),
    el("p", {}, el("a", { href: link.alerts({ detector: rule.name, key: own.key }) }, t("alert.of-key"))),
  ];
}

function facts(alert) {
  const { event, Atalaya: own } = alert;
  const rows = [
    [t("key"), keyNode(alert, 4000)],
    [t("alert.fields"), (own.key_fields ?? []).map((name, i) => [i ? ", " : "", visible(name)])],
    [t("share"), own.share === undefined ? null : percent(own.share)],
    [t("alert.ratio"), own.ratio === undefined ? null : times(own.ratio)],
    [t("alert.rank"), t(`alert.rank.${kindClass(alert)}`, { n: own.rank })],
    [
      t("alert.risk"),
      event.risk_score_norm === undefined ? null : t("alert.risk.of", { n: event.risk_score_norm }),
    ],
    own.error_bound === 0 ? [] : [t("alert.error-bound"), withUnit(own.error_bound, own.measure)],
    [
      t("alert.labels"),
      alert.labels &&
        Object.entries(alert.labels).map(([name, value]) => [visible(`${name}: ${value}`), " "]),
    ],
    [t("alert.config"), el("code", {}, visible(own.config_hash))],
    [t("alert.id"), el("code", {}, visible(event.id))],
  ];
  return el(
    "dl",
    { class: "facts long" },
    rows
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
  );
}

const written = (document) =>
  JSON.stringify(
    document,
    (key, value) => (typeof value === "bigint" ? JSON.rawJSON(String(value)) : value),
    2,
  );
