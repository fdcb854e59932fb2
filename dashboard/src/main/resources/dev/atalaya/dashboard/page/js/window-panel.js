import * as api from "./api.js";
import { atMostEvery, el } from "./dom.js";
import { findingsTable } from "./findings.js";
import { KINDS, kindOf } from "./kinds.js";
import { day, number, range, t, withUnit } from "./language.js";
import { link } from "./routes.js";
import { failure, loading, note } from "./states.js";

/** The keys of one window. */
export class WindowPanel {
  root;
  #detector;
  #epoch;
  #asking = null;
  #shown = "";
  #reload = atMostEvery(1000, () => this.#load());

  constructor(detector, epoch) {
    this.#detector = detector;
    this.#epoch = epoch;
    this.title = el("h2", { tabindex: "-1" });
    this.when = el("p", { class: "muted" });
    this.body = el("div", {}, loading());
    this.previous = el(
      "a",
      { class: "button", "aria-label": t("window.previous"), title: t("window.previous") },
      "‹",
    );
    this.next = el("a", { class: "button", "aria-label": t("window.next"), title: t("window.next") }, "›");
    this.previous.href = link.window(detector, Math.max(0, epoch - 1));
    this.next.href = link.window(detector, epoch + 1);
    this.root = el(
      "section",
      { class: "panel window", "aria-label": t("window") },
      el(
        "header",
        {},
        el("div", {}, this.title, this.when),
        el(
          "div",
          { class: "tools" },
          this.previous,
          this.next,
          el(
            "a",
            {
              class: "button",
              href: link.detector(detector),
              "aria-label": t("window.close"),
              title: t("window.close"),
            },
            "×",
          ),
        ),
      ),
      this.body,
    );
    this.#load();
  }

  focus() {
    this.title.focus({ preventScroll: true });
    this.title.scrollIntoView({ block: "nearest" });
  }

  update(changes) {
    if (changes.detectors || changes.windows.get(this.#detector)?.has(this.#epoch)) {
      this.#reload();
    }
  }

  destroy() {
    this.#reload.cancel();
    this.#asking?.abort();
  }

  async #load() {
    this.#asking?.abort();
    this.#asking = new AbortController();
    try {
      const found = await api.window(this.#detector, this.#epoch, this.#asking.signal);
      const text = JSON.stringify(found, (key, value) => (typeof value === "bigint" ? String(value) : value));
      if (text !== this.#shown) {
        this.#shown = text;
        this.#draw(found);
      }
    } catch (e) {
      if (e.name !== "AbortError" && (this.#shown === "" || e.status === 404)) {
        this.#shown = "";
        this.title.textContent = t("window");
        this.body.replaceChildren(failure(e, () => this.#load()));
      }
    }
  }

  #draw({ window, report, alerts }) {
    const start = Date.parse(window.start);
    this.title.textContent = t("window.title", { when: range(start, Date.parse(window.end)) });
    this.when.textContent = day(start);
    this.when.title = `${window.start} – ${window.end}`;
    const own = report?.Atalaya;
    const fact = (name, value) => [el("dt", {}, t(name)), el("dd", {}, value)];
    const measure = own?.measure ?? alerts[0]?.Atalaya.measure ?? "events";
    this.body.replaceChildren(
      window.reported
        ? el(
            "dl",
            { class: "facts" },
            [
              ["window.events", number(window.events)],
              measure !== "events" && !isUsualKnown(own, "total") && ["window.total", withUnit(window.total, measure)],
              !isUsualKnown(own, "distinct_keys") && [
                "window.keys",
                window.exact
                  ? number(window.distinctKeys)
                  : t("window.keys.about", { n: window.distinctKeys }),
              ],
              window.exact
                ? ["window.values", t("window.exact")]
                : ["window.error-bound", withUnit(window.errorBound, measure)],
              ...signalFacts(own ?? {}, measure),
            ]
              .filter(Boolean)
              .map(([name, value]) => el("div", {}, fact(name, value))),
          )
        : note(t("window.unreported")),
      own?.asleep ? note(t("window.asleep")) : "",
      window.warmup ? note(t("window.warmup")) : "",
      alerts.length === 0 && window.reported && !own?.asleep ? note(t("window.quiet")) : "",
      ...sections(alerts, own, measure),
    );
  }
}

const isUsualKnown = (own, signal) => own?.signals?.[signal]?.expected !== undefined;

/** What the window as a whole was like, where that is watched. */
const signalFacts = (own, measure) =>
  [
    ...Object.entries({ total: measure, distinct_keys: "keys", entropy: "millibits" })
      .filter(([name]) => isUsualKnown(own, name))
      .map(([name, unit]) => {
        const { actual, expected, threshold } = own.signals[name];
        return [
          `window.signal.${name}`,
          t("window.usual", {
            value: withUnit(actual, unit),
            lower: number(Math.max(0, Number(expected) - Number(threshold))),
            upper: number(Number(expected) + Number(threshold)),
          }),
        ];
      }),
    own.allowed > 0 && ["window.allowed", t("window.allowed.n", { n: own.allowed })],
    own.episodes?.open > 0 && ["window.episodes", number(own.episodes.open)],
    own.episodes?.suppressed > 0 && ["window.suppressed", number(own.episodes.suppressed)],
  ].filter(Boolean);

/** One for each kind that the detector looks for by key; one for the window as a whole, one for the rest. */
function sections(alerts, own, measure) {
  const byRule = KINDS.filter(({ rule }) => rule);
  const of = (kind) => alerts.filter((alert) => kindOf(alert) === kind);
  const isOver = (alert) => alert.event.action === "recovered";
  const rest = alerts.filter((alert) => !kindOf(alert).rule);
  return [
    ...byRule.map((kind) => section(kind, of(kind), own?.[kind.rule], own?.[kind.bound], measure)),
    plainSection("window.whole", "other", "◆", rest.filter((alert) => !isOver(alert))),
    plainSection("recovered", "recovered", "✓", rest.filter(isOver)),
  ];
}

function heading(colour, mark, text, count) {
  return el(
    "h3",
    { class: colour },
    el("span", { class: "mark", "aria-hidden": "true" }, mark),
    `${text} `,
    el("span", { class: "count" }, number(count)),
  );
}

const plainSection = (title, colour, mark, alerts) =>
  alerts.length === 0
    ? ""
    : el(
        "section",
        {},
        heading(colour, mark, t(title), alerts.length),
        findingsTable(alerts, { caption: t(title) }),
      );

/** A learned rule has no threshold: each key has its own. */
const coverageText = (action, threshold, measure) =>
  threshold === undefined
    ? t("window.covers.usual")
    : t(`window.covers.${action}`, { value: withUnit(threshold, measure) });

/** Empty when the detector has no such rule and no such alerts. */
function section({ action, colour, mark }, alerts, rule, errorBound, measure) {
  if (!rule && alerts.length === 0) {
    return "";
  }
  const coverage =
    rule &&
    (rule.certified
      ? coverageText(action, rule.threshold, measure)
      : t("window.uncovered", { value: withUnit(errorBound, measure) }));
  return el(
    "section",
    {},
    heading(colour, mark, t(action), rule?.found ?? alerts.length),
    coverage && el("p", { class: "muted" }, coverage),
    alerts.length > 0 ? findingsTable(alerts, { caption: t(action) }) : "",
    rule?.unlisted > 0 ? note(t("window.unlisted", { n: rule.unlisted })) : "",
  );
}
