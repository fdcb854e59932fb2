import * as api from "./api.js";
import { colours, onTheme } from "./colours.js";
import { atMostEvery, el, setText } from "./dom.js";
import { dayAndRange, range, shortNumber, t, zoneName } from "./language.js";
import { countsOf, othersOf } from "./kinds.js";
import { lanes } from "./lanes.js";
import { store } from "./store.js";
import { timeLabels } from "./time-axis.js";
import { visibleText } from "./visible.js";
import { windowsTables } from "./windows-tables.js";

const SPANS = [30, 60, 120, 300, 1000];
const PIXELS_PER_WINDOW = 9;
const PIXELS_OF_DRAG = 6;
const LANES = 6;
/**
 * The windows of a detector side by side: histograms and, below them, the top keys, over the
 * same piece of time. The piece follows the newest window until somebody looks back.
 */
export class WindowsChart {
  /** The nodes of it. */
  root;

  #detector;
  #selected = null;
  #cursor = null;
  #span;
  /** The last epoch shown, or null while the newest is followed. */
  #last = null;
  #origin = null;
  #asTable = false;
  #timeline = null;
  #asking = null;
  #charts = [];
  /** Of each window shown, whether its report has come. */
  #reported = [];
  #open;
  #leave;
  #observer;
  #askTimeline = atMostEvery(1000, () => this.#loadTimeline());

  /**
   * @param {string} detector its name
   * @param {{open: function(number), leave: function()}} on a window was chosen, or left
   */
  constructor(detector, { open, leave }) {
    this.#detector = detector;
    this.#open = open;
    this.#leave = leave;
    this.#build();
    this.#observer = new ResizeObserver(() => this.#resized());
    this.#observer.observe(this.plot);
    const unlisten = onTheme(() => this.#paint());
    this.destroy = () => {
      unlisten();
      this.#observer.disconnect();
      this.#askTimeline.cancel();
      this.#asking?.abort();
      this.#charts.forEach((chart) => chart.destroy());
    };
  }

  /** @param {number|null} epoch the window whose keys are shown below */
  select(epoch) {
    this.#selected = epoch;
    if (epoch !== null) {
      this.#cursor = epoch;
      this.#reveal(epoch);
    }
    this.lanesBox.hidden = epoch !== null;
    this.draw();
  }

  focus() {
    this.plot.focus();
  }

  /** @param {{detectors: boolean, windows: Map<string, Set<number>>}} changes of the store */
  update(changes) {
    if (changes.detectors || changes.windows.has(this.#detector)) {
      if (changes.detectors) {
        this.#comeBack();
      }
      this.draw();
      this.#askTimeline();
    }
  }

  #build() {
    const button = (text, title, press) =>
      el("button", { type: "button", "aria-label": title, title, on: { click: press } }, text);
    this.older = button("‹", t("chart.older"), () => this.#scroll(-Math.ceil(this.#shown() / 2)));
    this.newer = button("›", t("chart.newer"), () => this.#scroll(Math.ceil(this.#shown() / 2)));
    this.closer = button("+", t("chart.closer"), () => this.#zoom(-1));
    this.wider = button("−", t("chart.wider"), () => this.#zoom(1));
    this.latest = el(
      "button",
      { type: "button", class: "latest", on: { click: () => this.#follow() } },
      t("chart.latest"),
    );
    this.switch = el("button", { type: "button", on: { click: () => this.#switch() } }, t("chart.as-table"));
    this.shows = el("span", { class: "muted" });
    this.readout = el("p", { class: "readout" });
    this.hitters = el("canvas");
    this.changers = el("canvas");
    this.others = el("canvas");
    this.axis = el("div", { class: "axis" });
    this.lanes = el("div", { class: "lanes" });
    this.lanesBox = el("div", {}, el("p", { class: "plot-title" }, t("top-keys")), this.lanes);
    this.selectedBand = el("div", { class: "band selected", hidden: true });
    this.cursorBand = el("div", { class: "band", hidden: true });
    const histogram = (colour, mark, title, canvas) =>
      el(
        "div",
        {},
        el("p", { class: `plot-title ${colour}` }, el("span", { class: "mark" }, mark), title),
        el("div", { class: "canvas" }, canvas),
      );
    this.histograms = [
      histogram("hitter", "■", t("heavy_hitter"), this.hitters),
      histogram("changer", "▲", t("heavy_changer"), this.changers),
      histogram("other", "◆", t("others"), this.others),
    ];
    // To a screen reader all of this is one slider over the windows; its value is said in words.
    this.plot = el(
      "div",
      {
        class: "plot",
        role: "slider",
        tabindex: "0",
        "aria-label": t("chart", { detector: visibleText(this.#detector) }),
        "aria-description": t("chart.help"),
        on: {
          keydown: (event) => this.#key(event),
          focus: () => this.#moveTo(this.#cursor ?? this.#selected ?? this.#end()),
          pointerdown: (event) => this.#press(event),
          pointermove: (event) => this.#point(event),
          pointerleave: () => !this.#pressed && this.#moveTo(this.#selected),
          pointerup: (event) => this.#release(event),
          pointercancel: () => (this.#pressed = null),
        },
      },
      this.selectedBand,
      this.cursorBand,
      this.histograms,
      this.axis,
      this.lanesBox,
    );
    this.plot.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.position = el("input", {
      type: "range",
      class: "position",
      "aria-label": t("chart.position"),
      on: { input: () => this.#toPosition() },
    });
    this.tables = el("div", { class: "tables", hidden: true });
    this.root = el(
      "div",
      { class: "windows" },
      el(
        "div",
        { class: "bar-of-tools" },
        this.readout,
        el(
          "div",
          { class: "tools" },
          this.shows,
          this.latest,
          this.older,
          this.newer,
          this.wider,
          this.closer,
          this.switch,
        ),
      ),
      this.plot,
      this.position,
      this.tables,
    );
  }

  #info() {
    return store.detectors.get(this.#detector);
  }

  #end() {
    return this.#last ?? this.#info()?.lastEpoch ?? 0;
  }

  /** How many windows are shown: not more than there are. */
  #shown() {
    const info = this.#info();
    const all = info ? info.lastEpoch - info.firstEpoch + 1 : 1;
    return Math.min(this.#span ?? SPANS[1], Math.max(all, SPANS[0]));
  }

  #first() {
    const first = this.#end() - this.#shown() + 1;
    return Math.max(this.#info()?.firstEpoch ?? 0, first);
  }

  #resized() {
    this.#span ??= SPANS.findLast((span) => span * PIXELS_PER_WINDOW <= this.plot.clientWidth) ?? SPANS[0];
    // What was looked for before the width was known stands in the wider chart too.
    this.#comeBack();
    this.draw();
    this.#askTimeline();
  }

  #paint() {
    this.#charts.forEach((chart) => chart.destroy());
    this.#charts = [];
    this.draw();
  }

  #makeCharts() {
    const paint = colours();
    const axisWidth = parseFloat(getComputedStyle(this.axis).marginInlineStart);
    const font = { family: getComputedStyle(this.plot).fontFamily, size: 11 };
    // A window that was reported and in which nothing was found is not nothing: a line at its foot.
    const foot = {
      id: "foot",
      afterDatasetsDraw: (chart) => {
        const { ctx, chartArea } = chart;
        const step = chartArea.width / chart.data.labels.length;
        ctx.fillStyle = paint.line;
        this.#reported.forEach((reported, i) => {
          if (reported) {
            ctx.fillRect(chartArea.left + (i + 0.1) * step, chartArea.bottom - 2, 0.8 * step, 2);
          }
        });
      },
    };
    this.#charts = [
      [this.hitters, paint.hitter],
      [this.changers, paint.changer],
      [this.others, paint.other],
    ].map(([canvas, colour]) => {
      return new Chart(canvas, {
        type: "bar",
        data: {
          labels: [],
          datasets: [
            {
              data: [],
              backgroundColor: colour,
              barPercentage: 0.8,
              categoryPercentage: 1,
              minBarLength: 4,
              borderRadius: 2,
            },
          ],
        },
        options: {
          animation: false,
          events: [],
          maintainAspectRatio: false,
          layout: { padding: { top: 6 } },
          plugins: { legend: { display: false }, tooltip: { enabled: false } },
          scales: {
            x: { display: false },
            y: {
              beginAtZero: true,
              suggestedMax: 2,
              border: { display: false },
              grid: { color: paint.line, drawTicks: false },
              ticks: {
                color: paint.muted,
                font,
                precision: 0,
                maxTicksLimit: 4,
                padding: 6,
                callback: shortNumber,
              },
              afterFit: (scale) => (scale.width = axisWidth),
            },
          },
        },
        plugins: [foot],
      });
    });
  }

  /** Shows what the store has. */
  draw() {
    if (!this.#info() || !this.#span) {
      return;
    }
    if (this.#charts.length === 0) {
      this.#makeCharts();
    }
    const first = this.#first();
    const count = Math.max(this.#shown(), this.#end() - first + 1);
    const windows = store.range(this.#detector, first, this.#end());
    const at = new Array(count).fill(null);
    windows.forEach((window) => (at[window.epoch - first] = window));
    if (windows.length > 0) {
      this.#origin = Date.parse(windows[0].start) - windows[0].epoch * this.#info().windowMillis;
    }
    this.#reported = at.map((window) => window !== null && window.reported);
    const { hitters, changers, others } = this.#info();
    const hasOthers = othersOf({ others }) > 0;
    this.histograms[0].hidden = hasOthers && hitters === 0;
    this.histograms[1].hidden = hasOthers && changers === 0;
    this.histograms[2].hidden = !hasOthers;
    [(window) => window.hitters, (window) => window.changers, othersOf].forEach((value, i) => {
      const chart = this.#charts[i];
      chart.data.labels = at.map((_, k) => first + k);
      chart.data.datasets[0].data = at.map((window) => (window && value(window)) || null);
      chart.update("none");
    });
    this.#drawAxis(first, count);
    this.#drawLanes(first, count);
    this.#drawBands(first, count);
    this.#drawTools(first, count);
    if (this.#asTable) {
      this.#drawTables(windows);
    }
  }

  #drawAxis(first, count) {
    const length = this.#info().windowMillis;
    const start = this.#origin + first * length;
    const labels = this.#origin === null ? [] : timeLabels({ start, length, count }, this.plot.clientWidth);
    this.axis.replaceChildren(...labels);
  }

  #drawLanes(first, count) {
    if (!this.lanesBox.hidden) {
      this.lanes.replaceChildren(...lanes(this.#timeline, first, count));
    }
  }

  #drawBands(first, count) {
    const place = (band, epoch) => {
      const isShown = epoch !== null && epoch >= first && epoch < first + count;
      band.hidden = !isShown;
      if (isShown) {
        band.style.setProperty("--x", (epoch - first) / count);
        band.style.setProperty("--w", 1 / count);
      }
    };
    place(this.selectedBand, this.#selected);
    place(this.cursorBand, this.#cursor === this.#selected ? null : this.#cursor);
    const text = this.#cursor === null ? null : this.#say(this.#cursor);
    setText(this.readout, text ?? t("chart.hint"));
    this.readout.classList.toggle("muted", text === null);
    const info = this.#info();
    const values = { min: info.firstEpoch, max: info.lastEpoch, now: this.#cursor ?? this.#end() };
    Object.entries(values).forEach(([name, value]) => this.plot.setAttribute(`aria-value${name}`, value));
    this.plot.setAttribute("aria-valuetext", this.#say(values.now) ?? "");
  }

  /** A window in words, or null when it is not known. */
  #say(epoch) {
    const window = store.window(this.#detector, epoch);
    if (!window) {
      return null;
    }
    const when = range(Date.parse(window.start), Date.parse(window.end));
    if (!window.reported && countsOf(window).every(([, n]) => n === 0)) {
      return t("chart.unreported", { when });
    }
    return t("chart.window", {
      when,
      found: countsOf(window)
        .map(([{ action }, n]) => t(`${action}.n`, { n }))
        .join(", "),
      events: t("events", { n: window.events }),
    });
  }

  #drawTools(first, count) {
    const info = this.#info();
    const all = info.lastEpoch - info.firstEpoch + 1;
    const isAll = all <= count;
    [this.older, this.newer, this.position].forEach((tool) => (tool.hidden = isAll));
    this.closer.disabled = this.#spanIndex() === 0;
    this.wider.disabled = isAll || this.#spanIndex() === SPANS.length - 1;
    this.older.disabled = first <= info.firstEpoch;
    this.newer.disabled = this.#last === null;
    this.latest.hidden = this.#last === null;
    const zone = this.#origin === null ? "" : ` · ${zoneName(this.#origin + first * info.windowMillis)}`;
    setText(this.shows, t("chart.shows", { n: Math.min(all, count) }) + zone);
    if (!isAll) {
      this.position.min = info.firstEpoch + count - 1;
      this.position.max = info.lastEpoch;
      this.position.value = this.#end();
      if (this.#origin !== null) {
        const start = this.#origin + first * info.windowMillis;
        const end = this.#origin + (this.#end() + 1) * info.windowMillis;
        this.position.setAttribute("aria-valuetext", dayAndRange(start, end));
      }
    }
  }

  #drawTables(windows) {
    // The tables follow the page, and do not take the place of who reads in them.
    const had = this.tables.contains(document.activeElement)
      ? document.activeElement.getAttribute("href")
      : null;
    this.tables.replaceChildren(...windowsTables(this.#info(), windows, this.#timeline));
    if (had !== null) {
      Array.from(this.tables.querySelectorAll("a"))
        .find((a) => a.getAttribute("href") === had)
        ?.focus();
    }
  }

  #switch() {
    this.#asTable = !this.#asTable;
    this.tables.hidden = !this.#asTable;
    this.plot.hidden = this.#asTable;
    this.readout.hidden = this.#asTable;
    setText(this.switch, t(this.#asTable ? "chart.as-chart" : "chart.as-table"));
    this.draw();
  }

  async #loadTimeline() {
    if (!this.#info()) {
      return;
    }
    this.#asking?.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    try {
      const range = this.#last === null ? { count: this.#shown() } : { from: this.#first(), to: this.#end() };
      this.#timeline = await api.timeline(this.#detector, { keys: LANES, ...range }, signal);
      this.draw();
    } catch {
      // The next window asks again.
    }
  }

  // Moving

  #spanIndex() {
    return SPANS.indexOf(this.#span);
  }

  #zoom(steps) {
    const index = Math.min(SPANS.length - 1, Math.max(0, this.#spanIndex() + steps));
    this.#span = SPANS[index];
    if (this.#last !== null) {
      this.#setLast(this.#last);
    }
    this.draw();
    this.#askTimeline();
  }

  #setLast(last) {
    const info = this.#info();
    const least = Math.min(info.lastEpoch, info.firstEpoch + this.#shown() - 1);
    this.#last = last >= info.lastEpoch ? null : Math.max(least, last);
  }

  /** To windows that there are, when others have become those of a number. */
  #comeBack() {
    const info = this.#info();
    if (info && this.#last !== null) {
      this.#setLast(this.#last);
    }
    if (info && this.#cursor > info.lastEpoch) {
      this.#cursor = this.#selected;
    }
  }

  #scroll(windows) {
    this.#setLast(this.#end() + windows);
    this.draw();
    this.#askTimeline();
  }

  #follow() {
    this.#last = null;
    this.draw();
    this.#askTimeline();
    this.plot.focus();
  }

  #toPosition() {
    this.#setLast(Number(this.position.value));
    this.draw();
    this.#askTimeline();
  }

  /** Scrolls until a window is among those shown. */
  #reveal(epoch) {
    const info = this.#info();
    if (!info || epoch > info.lastEpoch || epoch < info.firstEpoch) {
      return;
    }
    if (epoch < this.#first()) {
      this.#setLast(epoch + Math.floor(this.#shown() / 2));
    } else if (epoch > this.#end()) {
      this.#setLast(epoch);
    }
  }

  #moveTo(epoch) {
    this.#cursor = epoch;
    if (epoch !== null) {
      this.#reveal(epoch);
    }
    this.draw();
  }

  #key(event) {
    const info = this.#info();
    if (!info || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const at = this.#cursor ?? this.#end();
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[
      event.key
    ];
    let to = null;
    if (step && event.shiftKey) {
      to = this.#nextWithFindings(at, Math.sign(step));
    } else if (step) {
      to = at + step;
    } else if (event.key === "Home") {
      to = info.firstEpoch;
    } else if (event.key === "End") {
      to = info.lastEpoch;
    } else if (event.key === "Enter" || event.key === " ") {
      this.#open(at);
    } else if (event.key === "Escape") {
      this.#leave();
    } else if (event.key === "+" || event.key === "-") {
      this.#zoom(event.key === "+" ? -1 : 1);
    } else {
      return;
    }
    event.preventDefault();
    if (to !== null) {
      this.#moveTo(Math.min(info.lastEpoch, Math.max(info.firstEpoch, to)));
    }
  }

  #nextWithFindings(from, direction) {
    const info = this.#info();
    for (
      let epoch = from + direction;
      epoch >= info.firstEpoch && epoch <= info.lastEpoch;
      epoch += direction
    ) {
      const window = store.window(this.#detector, epoch);
      if (!window || window.hitters + window.changers + othersOf(window) > 0) {
        // Where nothing is known yet, the search ends, and goes on with the next key.
        return epoch;
      }
    }
    return from;
  }

  #pressed = null;

  /** All have the same width. */
  #shownChart() {
    return this.#charts.find((_, i) => !this.histograms[i].hidden);
  }

  #epochAt(event) {
    const chart = this.#shownChart();
    const box = chart?.canvas.getBoundingClientRect();
    const area = chart?.chartArea;
    if (!area) {
      return null;
    }
    const share = (event.clientX - box.left - area.left) / area.width;
    const count = chart.data.labels.length;
    const epoch = this.#first() + Math.floor(share * count);
    return share < 0 || share >= 1 || epoch > this.#end() ? null : epoch;
  }

  #press(event) {
    if (event.button === 0) {
      this.#pressed = { x: event.clientX, last: this.#end(), dragged: false };
    }
  }

  #point(event) {
    if (!this.#pressed) {
      const epoch = this.#epochAt(event);
      if (epoch !== null && epoch !== this.#cursor) {
        this.#cursor = epoch;
        this.#drawBands(this.#first(), this.#charts[0].data.labels.length);
      }
      return;
    }
    const moved = event.clientX - this.#pressed.x;
    if (Math.abs(moved) > PIXELS_OF_DRAG && !this.#pressed.dragged) {
      this.#pressed.dragged = true;
      this.plot.setPointerCapture(event.pointerId);
    }
    if (this.#pressed.dragged) {
      const perWindow = this.#shownChart().chartArea.width / this.#charts[0].data.labels.length;
      this.#setLast(this.#pressed.last - Math.round(moved / perWindow));
      this.draw();
    }
  }

  #release(event) {
    const pressed = this.#pressed;
    this.#pressed = null;
    if (pressed?.dragged) {
      this.#askTimeline();
    } else if (pressed) {
      const epoch = this.#epochAt(event);
      if (epoch !== null) {
        this.#open(epoch);
      }
    }
  }

  #wheel(event) {
    const by = event.shiftKey
      ? event.deltaY
      : Math.abs(event.deltaX) > Math.abs(event.deltaY)
        ? event.deltaX
        : 0;
    if (by !== 0) {
      event.preventDefault();
      this.#scroll(Math.sign(by) * Math.max(1, Math.round(Math.abs(by) / 30)));
    }
  }
}
