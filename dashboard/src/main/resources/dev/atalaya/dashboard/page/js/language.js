import { setting } from "./settings.js";
import en from "./texts-en.js";
import es from "./texts-es.js";
import { visibleText } from "./visible.js";

const TEXTS = { en, es };

let texts;
let formats;

/** Takes language and time zone from the settings. Must be called before all else here. */
export function speak() {
  const language = setting("language");
  texts = TEXTS[language];
  // The reader's own kind of the language, such as es-MX, for dates and numbers.
  const locale = navigator.languages.find((tag) => tag.toLowerCase().split("-")[0] === language) ?? language;
  const timeZone = setting("zone") === "utc" ? "UTC" : undefined;
  const clock = { hour: "numeric", minute: "2-digit" };
  const date = (options) => new Intl.DateTimeFormat(locale, { timeZone, ...options });
  const count = (options) => new Intl.NumberFormat(locale, options);
  formats = {
    number: count({ maximumFractionDigits: 4 }),
    short: count({ notation: "compact", maximumFractionDigits: 1 }),
    signed: count({ signDisplay: "exceptZero" }),
    percent: count({ style: "percent", maximumFractionDigits: 1 }),
    finePercent: count({ style: "percent", maximumSignificantDigits: 2 }),
    times: count({ maximumSignificantDigits: 3 }),
    second: date({ ...clock, second: "2-digit" }),
    fraction: date({ ...clock, second: "2-digit", fractionalSecondDigits: 3 }),
    minute: date(clock),
    day: date({ day: "numeric", month: "short", year: "numeric" }),
    shortDay: date({ day: "numeric", month: "short" }),
    zone: date({ hour: "numeric", timeZoneName: "short" }),
    unit: (unit, digits) =>
      count({ style: "unit", unit, unitDisplay: "short", maximumFractionDigits: digits }),
    plural: new Intl.PluralRules(locale),
    list: new Intl.ListFormat(locale, { type: "conjunction" }),
  };
  document.documentElement.lang = language;
}

function template(key, values) {
  const text = texts[key];
  if (text === undefined) {
    throw new Error(`no text ${key}`);
  }
  return typeof text === "string" ? text : (text[formats.plural.select(Number(values.n))] ?? text.other);
}

const PLACE = /\{(\w+)\}/;

/** A text; `{name}` in it becomes a value, and `n` chooses between one and many. */
export function t(key, values = {}) {
  return template(key, values)
    .split(PLACE)
    .map((piece, i) => (i % 2 ? written(values[piece]) : piece))
    .join("");
}

/** The same with nodes as values. */
export function sentence(key, values) {
  const made = document.createDocumentFragment();
  template(key, values)
    .split(PLACE)
    .forEach((piece, i) => {
      const value = i % 2 ? values[piece] : piece;
      made.append(value instanceof Node ? value : written(value));
    });
  return made;
}

const written = (value) =>
  typeof value === "number" || typeof value === "bigint" ? number(value) : String(value);

/** Whether there is a text of that name: names that come with data may have one. */
export const hasText = (key) => Object.hasOwn(texts, key);

export const number = (value) => formats.number.format(value);
export const shortNumber = (value) => formats.short.format(value);
export const signed = (value) => formats.signed.format(value);
export const times = (value) => `×${formats.times.format(value)}`;
export const list = (items) => formats.list.format(items);

/** A share of 1; small ones with two digits that say something. */
export const percent = (share) =>
  (share !== 0 && Math.abs(share) < 0.001 ? formats.finePercent : formats.percent).format(share);

export const day = (millis) => formats.day.format(millis);
export const shortDay = (millis) => formats.shortDay.format(millis);

const clockOf = (windowMillis) =>
  windowMillis % 1000 ? formats.fraction : windowMillis % 60_000 ? formats.second : formats.minute;

/** A time of day, as finely as windows of that length need it. */
export const clock = (millis, windowMillis = 1000) => clockOf(windowMillis).format(millis);

export function range(startMillis, endMillis) {
  return clockOf(endMillis - startMillis).formatRange(startMillis, endMillis);
}

/** The range with its day. */
export const dayAndRange = (startMillis, endMillis) =>
  `${day(startMillis)}, ${range(startMillis, endMillis)}`;

/** Such as "UTC" or "CET", at that time. */
export const zoneName = (millis) =>
  formats.zone.formatToParts(millis).find((piece) => piece.type === "timeZoneName").value;

const UNITS = [
  ["day", 86_400_000, 2],
  ["hour", 3_600_000, 2],
  ["minute", 60_000, 2],
  ["second", 1000, 0],
];

/** A length of time in one unit, rounded: "3 sec", "5 min", "677 days". */
export function duration(millis) {
  const size = Math.abs(millis);
  const [unit, length] = UNITS.find(([, length, least]) => size >= length * least) ?? UNITS.at(-1);
  const value = millis / length;
  return formats.unit(unit, Math.abs(value) < 10 && unit === "second" ? 1 : 0).format(value);
}

/** A length of time that is a whole number of some unit: "10 sec", "1 hr". */
export function exactDuration(millis) {
  const [unit, length] = UNITS.find(([, length]) => millis % length === 0) ?? ["millisecond", 1];
  return formats.unit(unit, 0).format(millis / length);
}

const DISTINCT = "distinct ";

/** The fields whose different values a measure counts, or null when it is none such. */
export const distinctFields = (measure) =>
  measure.startsWith(DISTINCT) ? measure.slice(DISTINCT.length) : null;

/** What has a word of ours; other measures are named by their field. */
const WORDS = ["events", "keys", "millibits"];

/** A value with what it counts. */
export const withUnit = (value, measure) => {
  const fields = distinctFields(measure);
  return fields
    ? t("distinct", { n: value, fields: visibleText(fields) })
    : WORDS.includes(measure)
      ? t(measure, { n: value })
      : `${number(value)} ${visibleText(measure)}`;
};
