import * as api from "./api.js";
import { atMostEvery, el, setText } from "./dom.js";
import { findingsTable } from "./findings.js";
import { KINDS } from "./kinds.js";
import { t } from "./language.js";
import { link } from "./routes.js";
import { failure, loading, note } from "./states.js";
import { store } from "./store.js";
import { visibleText } from "./visible.js";

const PAGE = 50;
const TYPING_MILLIS = 300;

/** All findings that are remembered, the newest first, and a filter whose state is the address. */
export class AlertsView {
  root;
  #filter;
  #asking = null;
  #pages = 1;
  #newest = undefined;
  #look = atMostEvery(2000, () => this.#lookForNew());
  #typing = null;

  constructor({ filter }) {
    this.#filter = filter;
    this.total = el("span", { class: "muted", role: "status" });
    this.news = el("p", { class: "news", hidden: true });
    this.list = el("div", {}, loading());
    this.more = el("div");
    this.form = el("form", {
      class: "filter",
      role: "search",
      "aria-label": t("alerts.filter"),
      on: { submit: (event) => event.preventDefault() },
    });
    this.root = el(
      "section",
      { class: "panel alerts" },
      el("header", {}, el("h1", { tabindex: "-1" }, t("alerts.title")), this.total),
      this.form,
      this.news,
      this.list,
      this.more,
    );
    this.#buildForm();
    this.#load();
  }

  name() {
    return t("alerts.title");
  }

  show({ filter }) {
    if (JSON.stringify(filter) !== JSON.stringify(this.#filter)) {
      this.#filter = filter;
      this.#buildForm();
      this.#load();
    }
    return true;
  }

  update(changes) {
    if (changes.detectors) {
      this.#buildForm();
    }
    if (changes.windows.size > 0 || changes.detectors) {
      this.#look();
    }
  }

  destroy() {
    clearTimeout(this.#typing);
    this.#look.cancel();
    this.#asking?.abort();
  }

  #buildForm() {
    const choice = (name, any, options) =>
      el(
        "label",
        {},
        el("span", {}, t(name === "kind" ? "finding" : name)),
        el(
          "select",
          { name, on: { change: () => this.#changed() } },
          [["", any], ...options].map(([value, text]) =>
            el("option", { value, selected: this.#filter[name] === value }, text),
          ),
        ),
      );
    const names = Array.from(store.detectors.keys(), (name) => [name, visibleText(name)]);
    const had = document.activeElement?.form === this.form ? document.activeElement.name : null;
    const typed = this.form.elements.key?.value;
    this.form.replaceChildren(
      choice("detector", t("alerts.any-detector"), names),
      choice(
        "kind",
        t("alerts.any-kind"),
        KINDS.map(({ action }) => [action, t(action)]),
      ),
      choice("certainty", t("alerts.any-certainty"), [
        ["certain", t("certain")],
        ["possible", t("possible")],
      ]),
      el(
        "label",
        {},
        el("span", {}, t("alerts.key")),
        el("input", {
          type: "search",
          name: "key",
          autocomplete: "off",
          spellcheck: "false",
          on: { input: () => this.#type() },
        }),
      ),
      el("a", { class: "button", href: link.alerts() }, t("alerts.clear")),
    );
    this.form.elements.key.value = had === "key" ? typed : this.#filter.key;
    if (had) {
      this.form.elements[had].focus();
    }
  }

  #type() {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#changed(), TYPING_MILLIS);
  }

  #changed() {
    this.#filter = Object.fromEntries(new FormData(this.form));
    // Not a step back for each letter.
    history.replaceState(null, "", link.alerts(this.#filter));
    this.#load();
  }

  async #load() {
    this.#asking?.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    this.news.hidden = true;
    try {
      const page = await api.alerts({ ...this.#filter, limit: PAGE }, signal);
      this.#newest = page.alerts[0]?.event.id;
      this.#pages = 1;
      setText(this.total, t("alerts.total", { n: page.total }));
      this.list.replaceChildren(page.alerts.length === 0 ? note(t("alerts.none")) : this.#table(page.alerts));
      this.#drawMore(page.next, signal);
    } catch (e) {
      if (e.name !== "AbortError") {
        this.more.replaceChildren();
        this.list.replaceChildren(failure(e, () => this.#load()));
      }
    }
  }

  #table(alerts) {
    return findingsTable(alerts, { caption: t("alerts.title"), time: true, detector: true });
  }

  #drawMore(next, signal) {
    this.more.replaceChildren(
      next === null
        ? ""
        : el(
            "button",
            { type: "button", class: "more", on: { click: () => this.#loadMore(next, signal) } },
            t("more", { n: PAGE }),
          ),
    );
  }

  async #loadMore(cursor, signal) {
    try {
      const page = await api.alerts({ ...this.#filter, limit: PAGE, cursor }, signal);
      this.#pages++;
      const table = this.#table(page.alerts);
      // One table grows, so that its head is said once.
      const body = this.list.querySelector("tbody");
      const first = table.querySelector("tbody").firstElementChild;
      body.append(...table.querySelector("tbody").children);
      this.list.querySelector("table").setAttribute("aria-rowcount", body.rows.length + 1);
      Array.from(body.rows).forEach((row, i) => row.setAttribute("aria-rowindex", i + 2));
      this.#drawMore(page.next, signal);
      first?.querySelector("a").focus({ preventScroll: true });
    } catch (e) {
      if (e.name !== "AbortError") {
        this.more.append(failure(e));
      }
    }
  }

  /** What is read must not move: new findings are shown at once only to who has not gone on. */
  async #lookForNew() {
    try {
      const { alerts } = await api.alerts({ ...this.#filter, limit: 1 }, this.#asking.signal);
      if (alerts[0]?.event.id === this.#newest) {
        return;
      }
      if (this.#pages === 1 && scrollY < 50 && !this.list.contains(document.activeElement)) {
        await this.#load();
        return;
      }
      this.news.hidden = false;
      this.news.replaceChildren(
        t("alerts.new"),
        " ",
        el("button", { type: "button", on: { click: () => this.#load() } }, t("alerts.show-new")),
      );
    } catch {
      // The connection tells of it.
    }
  }
}
