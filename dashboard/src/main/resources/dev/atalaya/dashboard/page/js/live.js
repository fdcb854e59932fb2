import { parse } from "./api.js";

const FIRST_WAIT_MILLIS = 1000;
const LONGEST_WAIT_MILLIS = 10_000;

/** A browser has six connections to one server: a page that nobody sees must not keep one for long. */
const UNSEEN_MILLIS = 30_000;

/**
 * What the server tells by itself. A lost connection is made again for as long as the page is open;
 * what was missed meanwhile has to be asked for, by `onState("live")`.
 *
 * @param {{onWindow: function(Object), onReset: function({detector: string}),
 *     onStatus: function(Object), onState: function(string)}} to a reset says that the epochs of a
 *     detector mean other windows than before; states are "connecting", "live" and "lost"
 */
export function listen(to) {
  let wait = FIRST_WAIT_MILLIS;
  let timer = null;
  let source = null;

  const connect = () => {
    clearTimeout(timer);
    source?.close();
    source = new EventSource("api/v1/events");
    source.onopen = () => {
      wait = FIRST_WAIT_MILLIS;
      to.onState("live");
    };
    source.onerror = () => {
      to.onState("lost");
      // A browser gives up for good when the answer is an error; then the next try is ours.
      source.close();
      timer = setTimeout(connect, wait);
      wait = Math.min(2 * wait, LONGEST_WAIT_MILLIS);
    };
    source.addEventListener("window", (event) => to.onWindow(parse(event.data)));
    source.addEventListener("reset", (event) => to.onReset(parse(event.data)));
    source.addEventListener("status", (event) => to.onStatus(parse(event.data)));
  };

  const pause = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
    to.onState("connecting");
  };
  const resume = () => {
    clearTimeout(unseen);
    if (source === null) {
      connect();
    }
  };
  let unseen = null;

  to.onState("connecting");
  connect();
  addEventListener("online", connect);
  // A page that was left may be kept for the way back, with its connection.
  addEventListener("pagehide", pause);
  addEventListener("pageshow", resume);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      unseen = setTimeout(pause, UNSEEN_MILLIS);
    } else {
      resume();
    }
  });
}
