import { el } from "./dom.js";
import { distinctFields, exactDuration, shortNumber, t } from "./language.js";
import { countsOf, othersOf } from "./kinds.js";
import { link } from "./routes.js";
import { CARD_WINDOWS, MOST_CARDS, store } from "./store.js";
import { visibleShort, visibleText } from "./visible.js";

/** One card for each detector, with its recent windows in small: changed keys downwards, all else upwards. */
export class Cards {
  root;
  #cards = new Map();
  #current = null;

  constructor() {
    this.list = el("ul");
    this.root = el("nav", { class: "cards", "aria-label": t("detectors") }, this.list);
    this.#build();
  }

  select(detector) {
    this.#current = detector;
    for (const [name, { anchor }] of this.#cards) {
      name === detector
        ? anchor.setAttribute("aria-current", "true")
        : anchor.removeAttribute("aria-current");
    }
  }

  update(changes) {
    if (changes.detectors) {
      this.#build();
      this.select(this.#current);
      return;
    }
    changes.windows.forEach((_, name) => this.#draw(name));
  }

  #build() {
    this.#cards.clear();
    this.list.replaceChildren(...Array.from(store.detectors.values(), (detector) => this.#card(detector)));
    this.root.hidden = store.detectors.size < 2;
    this.#cards.forEach((_, name) => this.#draw(name));
  }

  #card(detector) {
    const counts = el("span", { class: "counts" });
    const ups = el("svg:path", { class: "hitter" });
    const downs = el("svg:path", { class: "changer" });
    const others = el("svg:path", { class: "other" });
    const anchor = el(
      "a",
      { href: link.detector(detector.name) },
      el("strong", {}, visibleShort(detector.name, 32)),
      el("small", { class: "muted" }, describe(detector)),
      el(
        "svg:svg",
        { viewBox: `0 -1 ${CARD_WINDOWS} 2`, preserveAspectRatio: "none", "aria-hidden": "true" },
        el("svg:path", { class: "zero", d: `M0 0H${CARD_WINDOWS}` }),
        ups,
        downs,
        others,
      ),
      counts,
    );
    this.#cards.set(detector.name, { anchor, counts, ups, downs, others });
    return el("li", {}, anchor);
  }

  #draw(name) {
    const card = this.#cards.get(name);
    const detector = store.detectors.get(name);
    if (!card || !detector || this.root.hidden) {
      return;
    }
    card.counts.replaceChildren(
      ...countsOf(detector).flatMap(([{ action, colour }, n]) => [
        el("span", { class: colour }, t(`${action}.n`, { n: shortNumber(n) })),
        " ",
      ]),
    );
    if (this.#cards.size > MOST_CARDS) {
      return;
    }
    const first = Math.max(detector.firstEpoch, detector.lastEpoch - CARD_WINDOWS + 1);
    const windows = store.range(name, first, detector.lastEpoch);
    const left = detector.lastEpoch - CARD_WINDOWS + 1;
    const most = Math.max(2, ...windows.flatMap((window) => [upwards(window), window.changers]));
    const bar = (window, value, from, sign) => {
      const foot = ((sign * from) / most).toFixed(3);
      const height = (sign * Math.max(0.15, value / most)).toFixed(3);
      return `M${window.epoch - left + 0.1} ${foot}v${height}h.8V${foot}z`;
    };
    const draw = (path, value, sign, from = () => 0) =>
      path.setAttribute(
        "d",
        windows
          .filter((window) => value(window) > 0)
          .map((window) => bar(window, value(window), from(window), sign))
          .join(""),
      );
    draw(card.ups, (window) => window.hitters, -1);
    draw(card.downs, (window) => window.changers, 1);
    // On top of the heavy keys.
    draw(card.others, othersOf, -1, (window) => window.hitters);
  }
}

const upwards = (window) => window.hitters + othersOf(window);

/** What it adds up, and in windows of which length. */
export function describe({ measure, windowMillis }) {
  const fields = distinctFields(measure);
  const what =
    measure === "events"
      ? t("detector.measure.events")
      : fields
        ? t("detector.measure.distinct", { fields: visibleText(fields) })
        : t("detector.measure", { measure: visibleText(measure) });
  return `${what} · ${t("detector.windows", { length: exactDuration(windowMillis) })}`;
}
