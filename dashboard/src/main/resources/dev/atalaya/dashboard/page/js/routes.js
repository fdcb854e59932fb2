/** Every view has an address after the hash; this is where they are written and read. */

const part = encodeURIComponent;

const QUERY = ["detector", "kind", "certainty", "key"];

/** At most 12 bytes each in an address, of which the server takes 8 KB: the beginning must do. */
const SEARCHED_CHARACTERS = 200;

/** The filter, with so much of the key as can be searched for. */
const searched = ({ key, ...others }) => ({
  ...others,
  key: Array.from((key ?? "").slice(0, 2 * SEARCHED_CHARACTERS))
    .slice(0, SEARCHED_CHARACTERS)
    .join(""),
});

function query(values) {
  const written = new URLSearchParams();
  QUERY.filter((name) => values[name]).forEach((name) => written.set(name, values[name]));
  return written.size ? `?${written}` : "";
}

export const link = {
  watch: () => "#/",
  detector: (name) => `#/detector/${part(name)}`,
  window: (name, epoch) => `#/window/${part(name)}/${epoch}`,
  alert: (id) => `#/alert/${part(id)}`,
  alerts: (filter = {}) => `#/alerts${query(searched(filter))}`,
  deadLetters: () => "#/dead-letters",
};

/** @returns {{view: string, detector, epoch, id, filter}} what is nowhere is the first view */
export function route(hash) {
  const [path, search = ""] = hash.replace(/^#/, "").split("?");
  let parts;
  try {
    parts = path.split("/").slice(1).map(decodeURIComponent);
  } catch {
    parts = [""];
  }
  const [view, first, second] = parts;
  if (view === "detector" && first) {
    return { view: "watch", detector: first, epoch: null };
  }
  if (view === "window" && first && /^\d{1,15}$/.test(second)) {
    return { view: "watch", detector: first, epoch: Number(second) };
  }
  if (view === "alert" && first) {
    return { view: "alert", id: first };
  }
  if (view === "alerts") {
    const given = new URLSearchParams(search);
    return { view, filter: searched(Object.fromEntries(QUERY.map((name) => [name, given.get(name) ?? ""]))) };
  }
  if (view === "dead-letters") {
    return { view };
  }
  return { view: "watch", detector: null, epoch: null };
}
