import { ApiError } from "./api.js";
import { el } from "./dom.js";
import { t } from "./language.js";

/** What a view shows while it has nothing else to show. */

export const loading = () => el("p", { class: "muted notice" }, t("loading"));

export const note = (text) => el("p", { class: "muted notice" }, text);

/** @param {function()} retry may be left out */
export function failure(error, retry) {
  if (!(error instanceof ApiError)) {
    console.error(error);
  }
  const text =
    error.status === 404
      ? t("error.missing")
      : error.status > 0
        ? t("error.other", { status: String(error.status) })
        : t("error.unreachable");
  return el(
    "div",
    { class: "notice", role: "alert" },
    el("h2", {}, t("error.title")),
    el("p", {}, text),
    retry && el("button", { type: "button", on: { click: retry } }, t("error.retry")),
  );
}
