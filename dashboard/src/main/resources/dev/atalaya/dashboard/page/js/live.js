import { parse } from "./api.js";

const FIRST_WAIT_MILLIS = 1000;
const LONGEST_WAIT_MILLIS = 10_000;

/**
 * What the server tells by itself. A lost connection is made again for as long as the page is open;
 * what was missed meanwhile has to be asked for, by `onState("live")`.
 *
 * @param {{onWindow: function(Object), onStatus: function(Object), onState: function(string)}} to
 *     states are "connecting", "live" and "lost"
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
    source.addEventListener("status", (event) => to.onStatus(parse(event.data)));
  };

  to.onState("connecting");
  connect();
  window.addEventListener("online", connect);
}
