import { el } from "./dom.js";

/** Canvases know no custom properties: the colours as they are now, of the theme that is shown. */
export function colours() {
  const probe = el("span", { hidden: true });
  document.body.append(probe);
  const read = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const found = Object.fromEntries(["hitter", "changer", "other", "muted", "line"].map((name) => [name, read(name)]));
  probe.remove();
  return found;
}

/** Tells of every change of the theme, by the switch or by the system. */
export function onTheme(listener) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const observer = new MutationObserver(listener);
  dark.addEventListener("change", listener);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    dark.removeEventListener("change", listener);
    observer.disconnect();
  };
}
