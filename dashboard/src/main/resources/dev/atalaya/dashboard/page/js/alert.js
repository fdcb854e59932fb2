import * as api from "./api.js";
import { el } from "./dom.js";
import {
  barNode,
  boundsText,
  certaintyNode,
  findingNode,
  isChange,
  keyNode,
  kindClass,
  scaleOf,
  sentenceNode,
  timeNode,
} from "./findings.js";
import { hasKey, kindOf } from "./kinds.js";
import { dayAndRange, hasText, number, percent, t, times, withUnit } from "./language.js";
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
      alert.Atalaya.actual === undefined ? "" : figure(alert),
      also(alert),
      contributors(alert),
      episode(alert),
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
  const isJudgedByChange = isChange(alert);
  const rows = [
    own.expected !== undefined && ["alert.before", "expected", false],
    ["alert.now", "actual", !isJudgedByChange],
    own.delta !== undefined && ["alert.change", "delta", isJudgedByChange],
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

/** A section with a small table, or nothing. */
const tableSection = (title, heads, rows) =>
  rows.length === 0
    ? ""
    : el(
        "section",
        {},
        el("h2", {}, t(title)),
        el(
          "div",
          { class: "scroll parts", tabindex: "0", role: "region", "aria-label": t(title) },
          el(
            "table",
            {},
            el(
              "thead",
              {},
              el(
                "tr",
                {},
                heads.map(([name, isNumber]) => el("th", { scope: "col", class: isNumber ? "number" : "" }, t(name))),
              ),
            ),
            el(
              "tbody",
              {},
              rows.map((row) =>
                el(
                  "tr",
                  {},
                  row.map((cell, i) => el("td", { class: heads[i][1] ? "number" : "" }, cell)),
                ),
              ),
            ),
          ),
        ),
      );

const twoLines = (text, small) => el("span", { class: "two-lines" }, text, small && el("small", {}, small));

/** What else the key had to reach. */
function also({ Atalaya: own }) {
  return tableSection(
    "alert.also",
    [["alert.measure"], ["value", true], ["alert.threshold", true]],
    (own.also_measures ?? []).map((measure, i) => [
      visibleShort(measure, 48),
      twoLines(withUnit(own.also_values[i], measure), boundsText(own.also_lower[i], own.also_upper[i])),
      number(own.also_thresholds[i]),
    ]),
  );
}

/** What other fields make up the value, each field with what is left. */
function contributors({ Atalaya: own }) {
  const measure = own.measure.startsWith("distinct ") ? "events" : own.measure;
  const fields = own.contributor_remainder_fields ?? [];
  return tableSection(
    "alert.contributors",
    [["alert.field"], ["value"], ["alert.part", true], ["share", true]],
    fields.flatMap((field, f) => [
      ...(own.contributor_fields ?? [])
        .map((name, i) => [name, i])
        .filter(([name]) => name === field)
        .map(([, i]) => [
          visibleShort(field, 32),
          el("span", { class: "key" }, visibleShort(own.contributor_values[i], 48)),
          twoLines(
            withUnit(own.contributor_amounts[i], measure),
            boundsText(own.contributor_lower[i], own.contributor_upper[i]),
          ),
          percent(own.contributor_shares[i]),
        ]),
      [visibleShort(field, 32), t("alert.remainder"), withUnit(own.contributor_remainders[f], measure), ""],
    ]),
  );
}

/** Since when it lasts, and how far it went. */
function episode({ event, Atalaya: own }) {
  if (own.episode_id === undefined) {
    return "";
  }
  const length = Date.parse(event.end) - Date.parse(event.start);
  const when = (text) => dayAndRange(Date.parse(text), Date.parse(text) + length);
  const rows = [
    ["episode.state", hasText(`episode.${own.episode_state}`) ? t(`episode.${own.episode_state}`) : ""],
    ["episode.start", when(own.episode_start)],
    ["episode.lasts", t("chart.shows", { n: own.episode_windows })],
    ["episode.peak", withUnit(own.episode_peak, own.measure)],
    ["episode.peak-time", when(own.episode_peak_time)],
  ];
  return el("section", {}, el("h2", {}, t("episode")), factsList(rows.map(([name, value]) => [t(name), value])));
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
          el(
            "span",
            { class: "number" },
            each.Atalaya.actual === undefined ? "" : withUnit(each.Atalaya.actual, own.measure),
          ),
        ),
      ),
    ),
    el(
      "p",
      {},
      el(
        "a",
        {
          href: link.alerts({
            detector: rule.name,
            ...(hasKey(alert) ? { key: own.key } : { kind: kindOf(alert).action }),
          }),
        },
        t(hasKey(alert) ? "alert.of-key" : "alert.of-kind"),
      ),
    ),
  ];
}

function facts(alert) {
  const { event, Atalaya: own } = alert;
  const rows = [
    [t("key"), keyNode(alert, 4000)],
    [t("alert.fields"), (own.key_fields ?? []).map((name, i) => [i ? ", " : "", visible(name)])],
    [t("alert.prefix"), own.prefix && visible(own.prefix)],
    [t("alert.expected"), hasText(`expected.${own.expected_kind}`) ? t(`expected.${own.expected_kind}`) : null],
    [t("alert.deviations"), own.deviations === undefined ? null : number(own.deviations)],
    [t("share"), own.share === undefined ? null : percent(own.share)],
    [t("alert.ratio"), own.ratio === undefined ? null : times(own.ratio)],
    [t("alert.rank"), own.rank === undefined ? null : t(rankText(alert), { n: own.rank })],
    [
      t("alert.risk"),
      event.risk_score_norm === undefined ? null : t("alert.risk.of", { n: event.risk_score_norm }),
    ],
    !own.error_bound ? [] : [t("alert.error-bound"), withUnit(own.error_bound, own.measure)],
    [
      t("alert.labels"),
      alert.labels &&
        Object.entries(alert.labels).map(([name, value]) => [visible(`${name}: ${value}`), " "]),
    ],
    [t("alert.version"), alert.rule.version && visible(alert.rule.version)],
    [t("alert.config"), el("code", {}, visible(own.config_hash))],
    [t("alert.id"), el("code", {}, visible(event.id))],
  ];
  return factsList(rows);
}

const rankText = (alert) =>
  ["hitter", "changer"].includes(kindClass(alert)) ? `alert.rank.${kindClass(alert)}` : "alert.rank.other";

function factsList(rows) {
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
