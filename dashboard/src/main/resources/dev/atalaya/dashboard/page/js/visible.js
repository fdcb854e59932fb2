/*
 * Keys, and all else that came in with events, are hostile text. They are only ever text nodes, and
 * what has no shape of its own, or changes the order or place of its neighbours, is shown as its
 * code point: ⟨U+202E⟩.
 */

// Controls, format (bidi, zero width, tags), unassigned, private use, lone surrogates, every blank
// but the common one, and letters and marks that are blank by design.
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u;

// Marks without a letter, and from the third on one letter: they climb over the lines around.
const MARKS = /(?:^|(?<=[^\p{L}\p{N}\p{M}]))\p{M}+|(?<=\p{M}{2})\p{M}+/u;

const ESCAPED = new RegExp(`(?:${HIDDEN.source}|${MARKS.source})+`, "gu");

const codes = (text) =>
  Array.from(text, (c) => {
    const code = c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    return `⟨U+${code}⟩`;
  }).join("");

/** As a string, for titles, labels and canvases. */
export function visibleText(text) {
  return String(text).replace(ESCAPED, codes);
}

/**
 * As a node, with the escapes set apart.
 *
 * @param {{lines: boolean}} options whether line ends and tabs stay what they are
 */
export function visible(text, { lines = false } = {}) {
  const whole = String(text);
  const shown = document.createElement("bdi");
  shown.className = "outside";
  let from = 0;
  for (const match of whole.matchAll(ESCAPED)) {
    if (lines && /^[\n\t]+$/.test(match[0])) {
      continue;
    }
    shown.append(whole.slice(from, match.index));
    const escaped = document.createElement("span");
    escaped.className = "escaped";
    escaped.textContent = codes(match[0]);
    shown.append(escaped);
    from = match.index + match[0].length;
  }
  shown.append(whole.slice(from));
  return shown;
}

/** Its beginning and its end, with the whole as its title, when it is longer than `most`. */
export function visibleShort(text, most = 48) {
  const letters = Array.from(String(text).slice(0, 4 * most));
  if (letters.length <= most) {
    return visible(text);
  }
  const end = Array.from(String(text).slice(-2 * most));
  const half = Math.floor((most - 1) / 2);
  const shown = document.createElement("span");
  const middle = document.createElement("span");
  middle.className = "escaped";
  middle.textContent = "⋯";
  shown.append(visible(letters.slice(0, half).join("")), middle, visible(end.slice(-half).join("")));
  // A title of megabytes helps nobody; the alert's own page has the whole.
  shown.title = visibleText(String(text).slice(0, 2000));
  return shown;
}
