import * as api from "./api.js";
import { atMostEvery } from "./dom.js";
import { listen } from "./live.js";

/** As many windows of a detector are kept here as a chart can ever show, and some to scroll. */
const MOST_WINDOWS = 12_000;
const FIRST_WINDOWS = 300;
const CARD_WINDOWS = 60;
const RETRY_MILLIS = 2000;

/** A proxy that keeps the stream back must not keep back the page. */
const STREAM_MILLIS = 3000;

/** Of more detectors than this, the windows are asked for when they are looked at. */
const MOST_CARDS = 24;

/** What is held of one detector; another takes its place when epochs come to mean other windows. */
class Held {
  /** Epoch → window; null where the server has none. */
  windows = new Map();
  /** The newest epoch that was told of. */
  last = -1;
  /** While windows are asked for, the epochs that were told of meanwhile: those are newer. */
  told = null;
}

/**
 * All that the page knows of the job, and who wants to be told of it. Many changes between two
 * frames are told as one.
 *
 * <p>The stream is opened before anything is asked for: what changes in between is told, and what
 * was told while an answer was on its way is newer than the answer.
 */
class Store {
  /** The last of /status, or null. */
  status = null;
  statusAt = 0;
  connection = "connecting";
  /** Name → of /detectors. */
  detectors = new Map();
  isLoaded = false;

  #held = new Map();
  #listeners = new Set();
  #changes = null;
  #stream = null;
  #loading = null;
  #retry = null;
  /** What is told while all is loaded, as functions that take it; else null. */
  #coming = null;
  /** Answers to what was asked in an earlier era are void. */
  #era = 0;
  #isAsking = false;
  #askSoon = atMostEvery(1000, () => this.#askDetectors());

  /** @param {function({status, connection, detectors, windows: Map<string, Set<number>>})} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Rejected when the server cannot be reached or understood; that is tried again by itself. */
  async start() {
    this.#stream ??= new Promise((answered) => {
      setTimeout(answered, STREAM_MILLIS);
      listen({
        onWindow: (window) => this.#take(() => this.#takeWindow(window)),
        onReset: ({ detector }) => this.#take(() => this.#forget(detector)),
        onStatus: (status) => this.#take(() => this.#takeStatus(status)),
        onState: (state) => {
          this.#takeConnection(state);
          if (state !== "connecting") {
            answered();
          }
        },
      });
    });
    await this.#stream;
    return this.#loading ?? this.#load();
  }

  /** The first to look at: the server's choice. */
  shown() {
    return this.status?.shown ?? this.detectors.keys().next().value ?? null;
  }

  window(detector, epoch) {
    return this.#held.get(detector)?.windows.get(epoch) ?? null;
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
    const known = this.#heldOf(detector).windows;
    const found = [];
    let least = null;
    let most = null;
    for (let epoch = from; epoch <= to; epoch++) {
      const window = known.get(epoch);
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
    const held = this.#heldOf(detector);
    if (held.told) {
      return;
    }
    held.told = new Set();
    try {
      // A chart that grows to the left asks for little more each time: some are asked for ahead.
      const first = this.detectors.get(detector)?.firstEpoch ?? 0;
      const ahead = Math.max(first, Math.min(from, to - FIRST_WINDOWS + 1));
      const { windows } = await api.windows(detector, { from: ahead, to });
      if (this.#held.get(detector) !== held) {
        return;
      }
      windows.filter(({ epoch }) => !held.told.has(epoch)).forEach((one) => held.windows.set(one.epoch, one));
      for (let epoch = ahead; epoch <= to; epoch++) {
        if (!held.windows.has(epoch)) {
          held.windows.set(epoch, null);
        }
      }
      this.#changed(detector);
    } catch {
      // What is wrong is told by the connection; the next look asks again.
    } finally {
      held.told = null;
    }
  }

  #heldOf(detector) {
    let held = this.#held.get(detector);
    if (!held) {
      held = new Held();
      this.#held.set(detector, held);
    }
    return held;
  }

  /** All anew: when a connection is made, everything may be another, even the job. */
  #load() {
    clearTimeout(this.#retry);
    const era = ++this.#era;
    this.#coming = [];
    const loading = Promise.all([api.status(), api.detectors()])
      .then(([status, { detectors }]) => {
        if (era === this.#era) {
          this.#held.clear();
          this.isLoaded = true;
          this.#takeDetectors(detectors);
          this.#takeStatus(status);
          this.#change().detectors = true;
        }
      })
      .catch((e) => {
        if (era === this.#era) {
          this.#retry = setTimeout(() => this.#load().catch(() => {}), RETRY_MILLIS);
        }
        throw e;
      })
      .finally(() => {
        if (era === this.#era) {
          const coming = this.#coming;
          this.#coming = null;
          this.#loading = null;
          coming.forEach((take) => take());
        }
      });
    this.#loading = loading;
    return loading;
  }

  #take(take) {
    if (this.#coming) {
      this.#coming.push(take);
    } else {
      take();
    }
  }

  #takeStatus(status) {
    this.status = status;
    this.statusAt = performance.now();
    this.#change().status = true;
    if (status.detectors.some((name) => !this.detectors.has(name))) {
      this.#askSoon();
    }
  }

  async #askDetectors() {
    if (this.#isAsking) {
      this.#askSoon();
      return;
    }
    const era = this.#era;
    const lastEpochs = new Map(Array.from(this.detectors.values(), (d) => [d.name, d.lastEpoch]));
    this.#isAsking = true;
    try {
      const { detectors } = await api.detectors();
      if (era === this.#era) {
        // A server that knows less than it has told has begun anew.
        detectors
          .filter(({ name, lastEpoch }) => lastEpoch < lastEpochs.get(name))
          .forEach(({ name }) => this.#drop(name));
        this.#takeDetectors(detectors);
      } else if (!this.#coming) {
        this.#askSoon();
      }
    } catch {
      // Without a connection all is loaded when there is one again.
      if (this.connection === "live") {
        this.#askSoon();
      }
    } finally {
      this.#isAsking = false;
    }
  }

  #takeDetectors(detectors) {
    const before = this.detectors;
    this.detectors = new Map(detectors.map((detector) => [detector.name, detector]));
    if (before.size !== this.detectors.size || detectors.some(({ name }) => !before.has(name))) {
      this.#change().detectors = true;
    }
    for (const [name, detector] of this.detectors) {
      const old = before.get(name) ?? detector;
      if (old.firstEpoch > detector.firstEpoch || old.windowMillis !== detector.windowMillis) {
        this.#drop(name);
      }
      detector.lastEpoch = Math.max(detector.lastEpoch, this.#held.get(name)?.last ?? -1);
      const isOther =
        ["firstEpoch", "lastEpoch", "hitters", "changers"].some((what) => old[what] !== detector[what]) ||
        JSON.stringify(old.others) !== JSON.stringify(detector.others);
      if (isOther) {
        this.#changed(name);
      }
    }
  }

  #takeWindow({ detector: name, ...window }) {
    const held = this.#heldOf(name);
    held.windows.set(window.epoch, window);
    held.told?.add(window.epoch);
    held.last = Math.max(held.last, window.epoch);
    if (held.windows.size > MOST_WINDOWS) {
      for (const epoch of held.windows.keys()) {
        if (epoch <= held.last - 0.9 * MOST_WINDOWS) {
          held.windows.delete(epoch);
        }
      }
    }
    const detector = this.detectors.get(name);
    if (detector) {
      detector.lastEpoch = Math.max(detector.lastEpoch, window.epoch);
    }
    this.#changed(name).add(window.epoch);
    // How many there are in all is the server's to say.
    this.#askSoon();
  }

  /** Its epochs mean other windows than before. */
  #forget(name) {
    this.#era++;
    this.#drop(name);
    this.#askSoon();
  }

  #drop(name) {
    this.#held.delete(name);
    this.#change().detectors = true;
  }

  #takeConnection(state) {
    if (state !== this.connection) {
      this.connection = state;
      this.#change().connection = true;
    }
    if (state === "live") {
      this.#load().catch(() => {});
    }
  }

  /** @returns {Set<number>} of its epochs, those that were told of */
  #changed(detector) {
    const { windows } = this.#change();
    if (!windows.has(detector)) {
      windows.set(detector, new Set());
    }
    return windows.get(detector);
  }

  #change() {
    if (!this.#changes) {
      this.#changes = { status: false, connection: false, detectors: false, windows: new Map() };
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
