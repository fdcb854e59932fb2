import * as api from "./api.js";
import { listen } from "./live.js";

/** As many windows of a detector are kept here as a chart can ever show, and some to scroll. */
const MOST_WINDOWS = 12_000;
const FIRST_WINDOWS = 300;
const CARD_WINDOWS = 60;

/** Of more detectors than this, the windows are asked for when they are looked at. */
const MOST_CARDS = 24;

/**
 * All that the page knows of the job, and who wants to be told of it. Many changes between two
 * frames are told as one.
 */
class Store {
  /** The last of /status, or null. */
  status = null;
  statusAt = 0;
  connection = "connecting";
  /** Name → of /detectors. */
  detectors = new Map();

  /** Name → epoch → window; null where the server has none. */
  #windows = new Map();
  #asking = new Set();
  #listeners = new Set();
  #changes = null;
  #wasLost = false;

  /** @param {function({status, connection, detectors, windows: Set<string>})} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Rejected when the server cannot be reached or understood. */
  async load() {
    const [status, { detectors }] = await Promise.all([api.status(), api.detectors()]);
    this.#takeStatus(status);
    this.#takeDetectors(detectors);
  }

  async start() {
    await this.load();
    listen({
      onWindow: (window) => this.#takeWindow(window),
      onStatus: (status) => this.#takeStatus(status),
      onState: (state) => this.#takeConnection(state),
    });
  }

  /** The first to look at: the server's choice. */
  shown() {
    return this.status?.shown ?? this.detectors.keys().next().value ?? null;
  }

  window(detector, epoch) {
    return this.#windows.get(detector)?.get(epoch) ?? null;
  }

  /**
   * The running number of the window that begins at `start`, in milliseconds.
   *
   * @returns {Promise<number|null>} null when the detector is not known
   */
  async epochOf(detector, start) {
    const info = this.detectors.get(detector);
    if (!info) {
      return null;
    }
    const known =
      this.window(detector, info.lastEpoch) ?? (await api.windows(detector, { count: 1 })).windows.at(-1);
    return known ? known.epoch + Math.round((start - Date.parse(known.start)) / info.windowMillis) : null;
  }

  /** Those of a range, ascending, as far as they have come; asks for the others. */
  range(detector, from, to) {
    const known = this.#windows.get(detector);
    const found = [];
    let least = null;
    let most = null;
    for (let epoch = from; epoch <= to; epoch++) {
      const window = known?.get(epoch);
      if (window) {
        found.push(window);
      } else if (window === undefined) {
        least ??= epoch;
        most = epoch;
      }
    }
    if (least !== null) {
      this.#ask(detector, least, most);
    }
    return found;
  }

  async #ask(detector, from, to) {
    if (this.#asking.has(detector)) {
      return;
    }
    this.#asking.add(detector);
    try {
      // A chart that grows to the left asks for little more each time: some are asked for ahead.
      const first = this.detectors.get(detector)?.firstEpoch ?? 0;
      const ahead = Math.max(first, Math.min(from, to - FIRST_WINDOWS + 1));
      const { windows } = await api.windows(detector, { from: ahead, to });
      const known = this.#windowsOf(detector);
      for (let epoch = ahead; epoch <= to; epoch++) {
        if (!known.has(epoch)) {
          known.set(epoch, null);
        }
      }
      windows.forEach((window) => known.set(window.epoch, window));
      this.#change().windows.add(detector);
    } catch {
      // What is wrong is told by the connection; the next look asks again.
    } finally {
      this.#asking.delete(detector);
    }
  }

  #windowsOf(detector) {
    let known = this.#windows.get(detector);
    if (!known) {
      known = new Map();
      this.#windows.set(detector, known);
    }
    return known;
  }

  #takeStatus(status) {
    this.status = status;
    this.statusAt = performance.now();
    this.#change().status = true;
    if (status.detectors.some((name) => !this.detectors.has(name))) {
      this.#reloadDetectors();
    }
  }

  #reloadDetectors() {
    if (this.#asking.has("")) {
      return;
    }
    this.#asking.add("");
    api
      .detectors()
      .then(({ detectors }) => this.#takeDetectors(detectors))
      .catch(() => {})
      .finally(() => this.#asking.delete(""));
  }

  #takeDetectors(detectors) {
    this.detectors = new Map(detectors.map((detector) => [detector.name, detector]));
    this.#change().detectors = true;
  }

  #takeWindow({ detector: name, ...window }) {
    const detector = this.detectors.get(name);
    if (!detector) {
      this.#reloadDetectors();
      return;
    }
    const known = this.#windowsOf(name);
    const before = known.get(window.epoch);
    // A window that was never here is counted whole only if it is new, not if it has changed.
    if (before || window.epoch > detector.lastEpoch) {
      detector.hitters += window.hitters - (before?.hitters ?? 0);
      detector.changers += window.changers - (before?.changers ?? 0);
    }
    known.set(window.epoch, window);
    detector.lastEpoch = Math.max(detector.lastEpoch, window.epoch);
    if (known.size > MOST_WINDOWS) {
      for (const epoch of known.keys()) {
        if (epoch <= detector.lastEpoch - 0.9 * MOST_WINDOWS) {
          known.delete(epoch);
        }
      }
    }
    this.#change().windows.add(name);
  }

  #takeConnection(state) {
    const back = state === "live" && this.#wasLost;
    this.#wasLost ||= this.connection === "live" && state !== "live";
    if (state !== this.connection) {
      this.connection = state;
      this.#change().connection = true;
    }
    if (back) {
      this.#wasLost = false;
      // What was missed: everything may be another now, even the job.
      this.load().then(
        () => {
          this.#windows.clear();
          this.#change().detectors = true;
        },
        () => {},
      );
    }
  }

  #change() {
    if (!this.#changes) {
      this.#changes = { status: false, connection: false, detectors: false, windows: new Set() };
      const tell = () => {
        const changes = this.#changes;
        this.#changes = null;
        this.#listeners.forEach((listener) => listener(changes));
      };
      // In a tab behind others there are no frames; numbers should be right when it comes back.
      document.hidden ? setTimeout(tell, 500) : requestAnimationFrame(tell);
    }
    return this.#changes;
  }
}

export const store = new Store();
export { CARD_WINDOWS, FIRST_WINDOWS, MOST_CARDS };
