import * as api from "./api.js";
import { Cards, describe } from "./cards.js";
import { atMostEvery, el, setText } from "./dom.js";
import { findingsTable } from "./findings.js";
import { t } from "./language.js";
import { link } from "./routes.js";
import { StateStrip, followsNode } from "./state-strip.js";
import { failure, note } from "./states.js";
import { store } from "./store.js";
import { visibleShort, visibleText } from "./visible.js";
import { WindowPanel } from "./window-panel.js";
import { WindowsChart } from "./windows-chart.js";

const LATEST = 10;

/** The first view: the state of the job, its detectors, and the windows of one of them. */
export class Watch {
  root = el("div", { class: "watch" });
  #name = null;
  #epoch = null;
  #chart = null;
  #panel = null;
  #asking = null;
  #askLatest = atMostEvery(1000, () => this.#loadLatest());

  constructor(route) {
    this.strip = new StateStrip();
    this.cards = new Cards();
    this.title = el("h1", { tabindex: "-1" });
    this.about = el("span", { class: "muted" });
    this.chartBox = el("div");
    this.below = el("div");
    this.latest = el("section", { class: "panel latest", "aria-label": t("latest") });
    this.content = el(
      "section",
      { class: "panel", "aria-labelledby": "detector" },
      el("header", {}, this.title, this.about),
      this.chartBox,
    );
    this.title.id = "detector";
    this.empty = el("section", { class: "panel empty" });
    this.root.append(this.strip.root, this.cards.root, this.empty, this.content, this.below);
    this.show(route);
  }

  /** @returns {string} what the view is called */
  name() {
    return this.#name === null ? t("nav.watch") : visibleText(this.#name);
  }

  /** Takes another route of the same kind without beginning anew. */
  show({ detector, epoch }, byHand = false) {
    this.#wanted = detector;
    this.#showDetector(detector ?? store.shown());
    this.#showWindow(epoch, byHand);
    return true;
  }

  #wanted = null;

  #showDetector(name) {
    const isKnown = store.detectors.has(name);
    this.content.hidden = !isKnown;
    this.below.hidden = !isKnown;
    this.empty.hidden = isKnown;
    if (!isKnown) {
      this.empty.replaceChildren(...this.#nothing(name));
    }
    this.cards.select(name);
    if (name === this.#name || !isKnown) {
      return;
    }
    this.#name = name;
    this.#chart?.destroy();
    this.#chart = new WindowsChart(name, {
      open: (epoch) => (location.hash = link.window(name, epoch)),
      leave: () => (location.hash = link.detector(name)),
    });
    this.chartBox.replaceChildren(this.#chart.root);
    this.title.replaceChildren(visibleShort(name, 64));
    setText(this.about, describe(store.detectors.get(name)));
    this.#latestShown = null;
    this.latest.replaceChildren();
    this.#askLatest();
  }

  #nothing(name) {
    if (name !== null && store.detectors.size > 0) {
      return [failure({ status: 404 })];
    }
    return [
      el("h1", { tabindex: "-1" }, t("empty.title")),
      el("p", {}, t("empty.text")),
      el("p", { class: "muted" }, t("empty.reads"), " ", followsNode(store.status)),
    ];
  }

  #showWindow(epoch, byHand) {
    const hadWindow = this.#epoch !== null;
    this.#epoch = epoch;
    this.#panel?.destroy();
    this.#panel = null;
    this.#chart?.select(epoch);
    if (this.content.hidden) {
      return;
    }
    if (epoch === null) {
      this.below.replaceChildren(this.latest);
      this.#askLatest();
      if (byHand && hadWindow) {
        this.#chart?.focus();
      }
      return;
    }
    this.#panel = new WindowPanel(this.#name, epoch);
    this.#panel.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        location.hash = link.detector(this.#name);
      }
    });
    this.below.replaceChildren(this.#panel.root);
    if (byHand) {
      this.#panel.focus();
    }
  }

  update(changes) {
    if (changes.status) {
      this.strip.draw();
    }
    this.cards.update(changes);
    if (this.content.hidden && changes.detectors) {
      this.#showDetector(this.#wanted ?? store.shown());
      this.#showWindow(this.#epoch, false);
    } else if (changes.detectors && store.detectors.has(this.#name)) {
      setText(this.about, describe(store.detectors.get(this.#name)));
    }
    this.#chart?.update(changes);
    this.#panel?.update(changes);
    if (changes.detectors || changes.windows.has(this.#name)) {
      this.#askLatest();
    }
  }

  async #loadLatest() {
    if (this.#name === null || this.#epoch !== null) {
      return;
    }
    this.#asking?.abort();
    this.#asking = new AbortController();
    try {
      const { alerts } = await api.alerts({ detector: this.#name, limit: LATEST }, this.#asking.signal);
      const ids = alerts.map((alert) => alert.event.id).join();
      if (ids !== this.#latestShown) {
        this.#latestShown = ids;
        this.latest.replaceChildren(
          el(
            "header",
            {},
            el("h2", {}, t("latest")),
            el("a", { href: link.alerts({ detector: this.#name }) }, t("latest.all")),
          ),
          alerts.length === 0
            ? note(t("latest.none"))
            : findingsTable(alerts, { caption: t("latest"), time: true }),
        );
      }
    } catch {
      // The connection tells of it; the next window asks again.
    }
  }

  #latestShown = null;

  destroy() {
    this.strip.destroy();
    this.#chart?.destroy();
    this.#panel?.destroy();
    this.#askLatest.cancel();
    this.#asking?.abort();
  }
}
