package dev.atalaya.dashboard.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A detector's windows in memory. Their index is start ÷ length; epochs count from the first. */
final class DetectorEntry {

  final String name;
  final long lengthMillis;

  /** Those with documents; between them may be others. */
  final NavigableMap<Long, WindowEntry> windows = new TreeMap<>();

  /** Null before a document that has it. */
  private String measure;

  private final int maxWindows;

  /** Lower when an earlier window is met; not higher when it is forgotten. */
  private long firstIndexSeen = Long.MAX_VALUE;

  private long hitters;
  private long changers;
  private Map<String, Long> others = Map.of();
  private long events;

  DetectorEntry(Place place, int maxWindows) {
    name = place.detector();
    lengthMillis = place.lengthMillis();
    this.maxWindows = maxWindows;
  }

  /** Takes from a document what it says of the detector. */
  void learn(Place place) {
    if (measure == null) {
      measure = place.measure();
    }
  }

  long firstIndexSeen() {
    return firstIndexSeen;
  }

  long lastIndex() {
    return windows.lastKey();
  }

  /** The oldest that is remembered. */
  private long firstIndex() {
    return windows.firstKey();
  }

  boolean isForgotten(long index) {
    return !windows.isEmpty() && index <= lastIndex() - maxWindows;
  }

  /** Whether the window would become epoch 0, and all others have another epoch than before. */
  boolean isBeforeAll(long index) {
    return !windows.isEmpty() && index < firstIndexSeen;
  }

  /** Of a window that is not forgotten. */
  WindowEntry window(long index) {
    firstIndexSeen = Math.min(firstIndexSeen, index);
    return windows.computeIfAbsent(index, missing -> new WindowEntry(this, index));
  }

  /** Takes the windows out that are too many. */
  List<WindowEntry> forget() {
    List<WindowEntry> forgotten = new ArrayList<>();
    while (isForgotten(firstIndex())) {
      forgotten.add(windows.pollFirstEntry().getValue());
    }
    return forgotten;
  }

  /** Corrects the running sums by what has changed in a window. */
  void count(Window before, Window after) {
    hitters += after.hitters() - before.hitters();
    changers += after.changers() - before.changers();
    others = Counts.plusChange(others, before.others(), after.others());
    events += after.events() - before.events();
  }

  Detector describe() {
    return new Detector(
        name,
        measure == null ? "events" : measure,
        lengthMillis,
        firstIndex() - firstIndexSeen,
        lastIndex() - firstIndexSeen,
        hitters,
        changers,
        others,
        events);
  }

  /** Those in the range of epochs, the ones nobody has told of included. */
  List<Window> numbers(long fromEpoch, long toEpoch) {
    Detector detector = describe();
    List<Window> numbers = new ArrayList<>();
    for (long epoch = Math.max(fromEpoch, detector.firstEpoch());
        epoch <= Math.min(toEpoch, detector.lastEpoch());
        epoch++) {
      long index = firstIndexSeen + epoch;
      WindowEntry window = windows.get(index);
      numbers.add((window == null ? new WindowEntry(this, index) : window).numbers());
    }
    return numbers;
  }

  /** The window of an epoch; null when nobody has told of it. */
  WindowEntry atEpoch(long epoch) {
    return windows.get(firstIndexSeen + epoch);
  }

  /** The windows after or before one, nearest first. */
  NavigableMap<Long, WindowEntry> beside(long index, boolean later) {
    return later ? windows.tailMap(index, false) : windows.headMap(index, false).descendingMap();
  }
}
