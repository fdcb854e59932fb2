import * as api from "./api.js";
import { atMostEvery, el, setText } from "./dom.js";
import { clock, day, hasText, number, sentence, t } from "./language.js";
import { failure, loading, note } from "./states.js";
import { store } from "./store.js";
import { visible, visibleShort } from "./visible.js";

/** What could not be read or stored, by reason, and the latest of it. */
export class DeadLettersView {
  root;
  #asking = null;
  #total = null;
  #reason = null;
  #look = atMostEvery(2000, () => this.#load());

  constructor() {
    this.total = el("span", { class: "muted" });
    this.body = el("div", {}, loading());
    this.root = el(
      "section",
      { class: "panel dead-letters" },
      el("header", {}, el("h1", { tabindex: "-1" }, t("dead.title")), this.total),
      el("p", { class: "muted" }, t("dead.explain")),
      this.body,
    );
    this.#load();
  }

  name() {
    return t("dead.title");
  }

  update(changes) {
    if (changes.detectors || (changes.status && store.status.deadLetters !== this.#total)) {
      this.#look();
    }
  }

  destroy() {
    this.#look.cancel();
    this.#asking?.abort();
  }

  async #load() {
    this.#asking?.abort();
    this.#asking = new AbortController();
    try {
      const found = await api.deadLetters(this.#asking.signal);
      if (found.total !== this.#total) {
        this.#total = found.total;
        this.#draw(found);
      }
    } catch (e) {
      if (e.name !== "AbortError" && this.#total === null) {
        this.body.replaceChildren(failure(e, () => this.#load()));
      }
    }
  }

  #draw({ total, reasons, latest }) {
    setText(this.total, number(total));
    if (total === 0) {
      this.body.replaceChildren(note(t("dead.none")));
      return;
    }
    const most = Math.max(...reasons.map(({ count }) => Number(count)));
    const rows = reasons.toSorted((a, b) => Number(b.count) - Number(a.count));
    const letters = el("section");
    const drawLatest = () => {
      const shown = latest.filter((letter) => this.#reason === null || reasonOf(letter) === this.#reason);
      letters.replaceChildren(
        el(
          "h2",
          {},
          this.#reason === null
            ? t("dead.latest")
            : sentence("dead.filtered", { reason: visibleShort(this.#reason, 40) }),
        ),
        shown.length === 0
          ? note(t("dead.none-of-reason"))
          : el("ul", { class: "letters" }, shown.map(letterNode)),
      );
    };
    const filter = el(
      "label",
      { class: "filter-reason" },
      el("span", {}, t("dead.reason")),
      el(
        "select",
        {
          on: {
            change: (event) => {
              this.#reason = event.target.value || null;
              drawLatest();
            },
          },
        },
        el("option", { value: "" }, t("dead.all")),
        rows.map(({ reason }) => 
          el(
            "option",
            { value: reason, selected: reason === this.#reason },
            visibleShort(reason, 40).textContent,
          ),
        ),
      ),
    );
    drawLatest();
    this.body.replaceChildren(
      el(
        "table",
        { class: "reasons" },
        el("caption", {}, t("dead.reasons")),
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            el("th", { scope: "col" }, t("dead.reason")),
            el("td"),
            el("th", { scope: "col", class: "number" }, t("dead.count")),
          ),
        ),
        el(
          "tbody",
          {},
          rows.map(({ reason, count }) =>
            el(
              "tr",
              {},
              el(
                "th",
                { scope: "row" },
                el("code", {}, visibleShort(reason, 40)),
                el("small", {}, hasText(`reason.${reason}`) ? t(`reason.${reason}`) : ""),
              ),
              el(
                "td",
                { class: "track" },
                el(
                  "span",
                  { class: "bar", "aria-hidden": "true" },
                  el("span", { class: "sure", css: { "--to": `${(100 * Number(count)) / most}%` } }),
                ),
              ),
              el("td", { class: "number" }, number(count)),
            ),
          ),
        ),
      ),
      filter,
      letters,
    );
  }
}

const reasonOf = (letter) => letter.event?.reason ?? "";

function letterNode(letter) {
  const own = letter.Atalaya ?? {};
  const at = letter["@timestamp"];
  const raw = own.raw_base64 === undefined ? null : bytesOf(own.raw_base64);
  const rows = [
    at && [t("time"), `${day(Date.parse(at))}, ${clock(Date.parse(at))}`],
    [t("dead.origin"), el("code", {}, visible(own.origin ?? ""))],
    own.raw_length !== undefined && [
      t("dead.length"),
      `${number(own.raw_length)} bytes${raw && raw.length < own.raw_length ? ` (${t("dead.cut", { n: raw.length })})` : ""}`,
    ],
    raw && [t("dead.raw"), el("pre", { tabindex: "0" }, visible(textOf(raw)))],
  ].filter(Boolean);
  return el(
    "li",
    {},
    el(
      "details",
      {},
      el(
        "summary",
        {},
        el("code", { class: "pill" }, visibleShort(reasonOf(letter), 40)),
        el("span", {}, visibleShort(own.detail ?? "", 160)),
      ),
      el(
        "dl",
        { class: "facts long" },
        rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
      ),
    ),
  );
}

function bytesOf(base64) {
  try {
    return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

/** As UTF-8 where it is that, else byte by byte; a last character that was cut does not count. */
function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
  } catch {
    return Array.from(bytes, (byte) =>
      byte > 0x1f && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`,
    ).join("");
  }
}
