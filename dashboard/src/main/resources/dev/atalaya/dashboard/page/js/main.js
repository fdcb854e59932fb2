import { AlertView } from "./alert.js";
import { AlertsView } from "./alerts.js";
import { DeadLettersView } from "./dead-letters.js";
import { el, setText } from "./dom.js";
import { number, speak, t } from "./language.js";
import { link, route } from "./routes.js";
import { CHOICES, choose, setting } from "./settings.js";
import { followsNode } from "./state-strip.js";
import { failure, loading } from "./states.js";
import { store } from "./store.js";
import { visibleText } from "./visible.js";
import { Watch } from "./watch.js";

/* The frame around the views: head, foot, and which view is shown. */

const VIEWS = { watch: Watch, alert: AlertView, alerts: AlertsView, "dead-letters": DeadLettersView };
const NAVIGATION = [
  ["watch", link.watch()],
  ["alerts", link.alerts()],
  ["dead-letters", link.deadLetters()],
];

let frame;
let view = null;
let viewName = null;

function build() {
  speak();
  const places = NAVIGATION.map(([name, href]) => [name, el("a", { href }, t(`nav.${name}`))]);
  const dead = el("span", { class: "badge", hidden: true });
  places.at(-1)[1].append(" ", dead);
  const connection = el("p", { class: "connection", role: "status" });
  const main = el("main", { id: "content" }, loading());
  const job = el("span", { class: "job" });
  const sources = el("p");
  const head = el(
    "header",
    { class: "top" },
    el(
      "a",
      { class: "brand", href: link.watch() },
      el("img", { src: "page/icon.svg", alt: "", width: 24, height: 24 }),
      "Atalaya",
      job,
    ),
    el(
      "nav",
      { "aria-label": t("nav") },
      places.map(([, place]) => place),
    ),
    connection,
    el(
      "div",
      { class: "settings", role: "group", "aria-label": t("settings") },
      Object.keys(CHOICES).map(settingNode),
    ),
  );
  const foot = el(
    "footer",
    {},
    sources,
    el(
      "p",
      {},
      el("a", { href: "api/v1/openapi.yaml" }, t("foot.api")),
      " ",
      el("a", { href: "metrics" }, t("foot.metrics")),
    ),
  );
  // A link to #content would be a route.
  const skip = el("button", { type: "button", class: "skip", on: { click: () => focusTitle() } }, t("skip"));
  document.body.replaceChildren(skip, head, main, foot);
  frame = { places, dead, connection, main, job, sources };
}

function settingNode(name) {
  return el(
    "select",
    {
      name,
      "aria-label": t(`setting.${name}`),
      title: t(`setting.${name}`),
      on: {
        change: (event) => {
          choose(name, event.target.value);
          if (name === "theme") {
            document.documentElement.dataset.theme = event.target.value;
            return;
          }
          rebuild();
          document.querySelector(`.settings [name=${name}]`).focus();
        },
      },
    },
    CHOICES[name].map((value) =>
      el(
        "option",
        { value, selected: value === setting(name), lang: name === "language" ? value : null },
        name === "language" ? { en: "English", es: "Español" }[value] : t(`${name}.${value}`),
      ),
    ),
  );
}

/** Everything in the other language, or for the other clock. */
function rebuild() {
  view?.destroy();
  view = null;
  viewName = null;
  build();
  drawFrame({ status: true, connection: true });
  if (store.isLoaded) {
    show(false);
  } else {
    load();
  }
}

function show(byHand) {
  const wanted = route(location.hash);
  const isSame = wanted.view === viewName && view.show?.(wanted, byHand);
  if (!isSame) {
    view?.destroy();
    view = new VIEWS[wanted.view](wanted);
    viewName = wanted.view;
    frame.main.replaceChildren(view.root);
    if (byHand) {
      scrollTo(0, 0);
      frame.main.tabIndex = -1;
      frame.main.focus({ preventScroll: true });
    }
  }
  for (const [name, place] of frame.places) {
    name === wanted.view ? place.setAttribute("aria-current", "page") : place.removeAttribute("aria-current");
  }
  drawTitle();
}

function drawTitle() {
  document.title = [view?.name(), "Atalaya", jobName()].filter(Boolean).join(" · ");
}

/** Empty when the job has none of its own. */
function jobName() {
  const name = store.status?.name ?? "";
  return name.toLowerCase() === "atalaya" ? "" : visibleText(name);
}

function focusTitle() {
  const title = frame.main.querySelector("h1") ?? frame.main;
  title.tabIndex = -1;
  title.focus();
}

function drawFrame(changes) {
  if (changes.connection) {
    frame.connection.dataset.state = store.connection;
    setText(frame.connection, t(`connection.${store.connection}`));
  }
  if (changes.status && store.status) {
    setText(frame.job, jobName());
    frame.dead.hidden = store.status.deadLetters === 0;
    setText(frame.dead, number(store.status.deadLetters));
    const where = store.status.follows.map(({ what, where }) => `${what} ${where}`).join();
    if (frame.where !== where) {
      frame.where = where;
      frame.sources.replaceChildren(`${t("empty.reads")} `, ...followsNode(store.status).flat());
    }
  }
}

async function load() {
  frame.main.replaceChildren(loading());
  try {
    await store.start();
  } catch (e) {
    if (!store.isLoaded) {
      frame.main.replaceChildren(failure(e, load));
    }
  }
}

store.subscribe((changes) => {
  drawFrame(changes);
  if (view === null && store.isLoaded) {
    show(false);
    return;
  }
  view?.update(changes);
  if (changes.detectors && view) {
    drawTitle();
  }
});
addEventListener("hashchange", () => store.isLoaded && show(true));
build();
drawFrame({ connection: true });
load();
