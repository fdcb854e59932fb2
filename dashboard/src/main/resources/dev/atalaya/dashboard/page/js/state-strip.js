import { el, setText } from "./dom.js";
import { clock, day, duration, number, t } from "./language.js";
import { link } from "./routes.js";
import { store } from "./store.js";
import { visible, visibleText } from "./visible.js";

/** How the job does, in numbers: how much came, how fast, how far it is, and what became of it all. */
export class StateStrip {
  root;
  #values = {};
  #timer;

  constructor() {
    const cell = (name, href = null) => {
      const value = el("dd", {}, href ? el("a", { href }) : null);
      const small = el("dd", { class: "small" });
      this.#values[name] = { value: href ? value.firstChild : value, small };
      return el("div", { class: name }, el("dt", {}, t(`state.${name}`)), value, small);
    };
    this.troubles = el("div", { class: "troubles", role: "status" });
    this.reading = el("div", { class: "reading muted", role: "status" });
    this.root = el(
      "section",
      { class: "state", "aria-label": t("state") },
      this.troubles,
      this.reading,
      el(
        "dl",
        { class: "main" },
        ["received", "rate", "window", "lag"].map((name) => cell(name)),
      ),
      el(
        "dl",
        { class: "fates" },
        ["counted", "late", "skewed"].map((name) => cell(name)),
        cell("rejected", link.deadLetters()),
        ["duplicate", "pending"].map((name) => cell(name)),
      ),
    );
    // The clock goes on when nothing comes.
    this.#timer = setInterval(() => this.#drawLag(), 1000);
    this.draw();
  }

  destroy() {
    clearInterval(this.#timer);
  }

  #set(name, value, small = "") {
    setText(this.#values[name].value, value);
    setText(this.#values[name].small, small);
  }

  draw() {
    const { status } = store;
    const { events } = status;
    this.#set("received", number(events.received));
    this.#set("rate", t("state.per-second", { n: status.eventsPerSecond }));
    ["counted", "late", "skewed", "rejected", "duplicate", "pending"].forEach((name) => {
      this.#set(name, number(events[name]));
      this.#values[name].value.closest("div").classList.toggle("zero", events[name] === 0);
    });
    if (status.newestWindowEnd === null) {
      this.#set("window", t("state.none"));
    } else {
      const end = Date.parse(status.newestWindowEnd);
      this.#set("window", clock(end), day(end));
    }
    this.#drawLag();
    // Without a message nothing is wrong: it is read for the first time.
    const unhealthy = status.follows.filter((follow) => !follow.healthy);
    const lines = (follows, key) =>
      follows.map((follow) =>
        el(
          "p",
          {},
          t(key, {
            what: visibleText(`${follow.what} ${follow.where}`),
            message: visibleText(follow.message ?? ""),
          }),
        ),
      );
    this.troubles.replaceChildren(
      ...lines(
        unhealthy.filter(({ message }) => message !== null),
        "follow.ill",
      ),
    );
    this.reading.replaceChildren(
      ...lines(
        unhealthy.filter(({ message }) => message === null),
        "follow.reading",
      ),
    );
  }

  #drawLag() {
    const { lagMillis } = store.status;
    const since = performance.now() - store.statusAt;
    this.#set("lag", lagMillis === null ? t("state.none") : duration(Math.max(0, lagMillis + since)));
  }
}

/** Where it is read from. */
export function followsNode(status) {
  return status.follows.map((follow) => [
    el("span", { class: "source" }, hasName(follow.what), " ", el("code", {}, visible(follow.where))),
    " ",
  ]);
}

const hasName = (what) => (what === "files" ? t("follow.files") : visibleText(what));
