/** What a reader has chosen, remembered by the browser where it lets us. */

const PREFIX = "atalaya.";

export const CHOICES = {
  language: ["en", "es"],
  theme: ["auto", "light", "dark"],
  zone: ["local", "utc"],
};

const browsersLanguage = () =>
  navigator.languages
    .map((tag) => tag.toLowerCase().split("-")[0])
    .find((language) => CHOICES.language.includes(language)) ?? "en";

export function setting(name) {
  let kept = null;
  try {
    kept = localStorage.getItem(PREFIX + name);
  } catch {
    // Storage may be forbidden; then the choice lasts as long as the page.
  }
  kept ??= chosen[name];
  return CHOICES[name].includes(kept) ? kept : name === "language" ? browsersLanguage() : CHOICES[name][0];
}

export function choose(name, value) {
  chosen[name] = value;
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // As above.
  }
}

const chosen = {};
