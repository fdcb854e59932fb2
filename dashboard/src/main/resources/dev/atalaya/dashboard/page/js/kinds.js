/**
 * What a job can find, in the order in which it is shown: the action of its alerts, the colour, the
 * mark, and the part of a report that counts it.
 */
export const KINDS = [
  { action: "heavy_hitter", colour: "hitter", mark: "■", rule: "hitters", bound: "error_bound" },
  { action: "heavy_changer", colour: "changer", mark: "▲", rule: "changers", bound: "change_error_bound" },
  { action: "superspreader", colour: "other", mark: "✱", rule: "spreaders", bound: "error_bound" },
  { action: "first_seen", colour: "other", mark: "✚", rule: "first_seen", bound: "error_bound" },
  { action: "unusual_total", colour: "other", mark: "◆" },
  { action: "unusual_distinct", colour: "other", mark: "◆" },
  { action: "unusual_entropy", colour: "other", mark: "◆" },
  { action: "silence", colour: "other", mark: "○" },
  { action: "recovered", colour: "recovered", mark: "✓" },
];

/** Of a job that is newer than this page. */
const UNKNOWN = { action: "other", colour: "other", mark: "◆" };

export const kindOf = ({ event }) => KINDS.find(({ action }) => action === event.action) ?? UNKNOWN;

/** How many of each kind a window or a detector has, of those that there are. */
export const countsOf = ({ hitters, changers, others }) => [
  [KINDS[0], hitters],
  [KINDS[1], changers],
  ...[...KINDS.slice(2), UNKNOWN]
    .map((kind) => [kind, others[kind.action] ?? 0])
    .filter(([, count]) => count > 0),
];

/** What was found that is neither a hitter nor a changer; the end of an episode is no finding. */
export const othersOf = ({ others }) =>
  Object.entries(others).reduce((sum, [action, count]) => (action === "recovered" ? sum : sum + count), 0);

/** Whether the alert is about a key, not the window as a whole. */
export const hasKey = ({ Atalaya: own }) => own.key !== undefined;
