package dev.atalaya.dashboard.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Remembers documents: of each detector the numbers of the recent windows, and of all together as
 * many alerts and reports as fit into a budget of bytes; the oldest go first. A document that comes
 * twice (by its {@code event.id}) counts once while it is remembered; documents may come in any
 * order, and one about a window that is forgotten is left out.
 *
 * <p>The windows that are remembered are those of the last {@code maxWindows} epochs, with or
 * without a document. A detector whose windows have another length than before begins anew.
 *
 * <p>Memory: the budget, and about 300 bytes for each window.
 *
 * <p>Thread-safe.
 */
public final class History {

  /** A configuration has some; this is for documents of somebody else. */
  private static final int MAX_DETECTORS = 1_000;

  /** Some 30,000 alerts. */
  public static final long DEFAULT_BYTES = 48L << 20;

  private final int maxWindows;
  private final long maxBytes;

  private final Object lock = new Object();
  private final Map<String, DetectorEntry> detectors = new LinkedHashMap<>();
  private final Map<String, Alert> alertsById = new HashMap<>();
  private final Map<String, LedgerEntry> ledgers = new HashMap<>();
  private final DeadLetterTally deadLetters = new DeadLetterTally();

  /** Those with documents. */
  private final NavigableSet<WindowEntry> withDocuments = new TreeSet<>(WindowEntry.OLDEST_FIRST);

  private long bytes;
  private long taken;
  private long strangers;
  private long late;

  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();

  /** Listeners are told by one thread at a time, so that none sees an older state last. */
  private final Object telling = new Object();

  /** What documents that are added together have changed. */
  private static final class Changes {
    final Set<WindowEntry> windows = new LinkedHashSet<>();

    /** Detectors whose epochs mean other windows now. */
    final Set<String> resets = new LinkedHashSet<>();
  }

  private record LedgerEntry(long timeMillis, long revision, Packed document) {

    boolean isNewerThan(LedgerEntry other) {
      return other == null
          || timeMillis > other.timeMillis
          || (timeMillis == other.timeMillis && revision > other.revision);
    }
  }

  /**
   * @param maxWindows of each detector
   * @param maxBytes of all alerts and reports together, as they are kept
   */
  public History(int maxWindows, long maxBytes) {
    if (maxWindows < 1) {
      throw new IllegalArgumentException("maxWindows must be >= 1, got " + maxWindows);
    }
    this.maxWindows = maxWindows;
    this.maxBytes = maxBytes;
  }

  /** Takes a document of any kind; what is none of Atalaya's is counted and left out. */
  public void add(JsonNode document) {
    add(List.of(document));
  }

  /** The same of many, with listeners told once of each window. */
  public void add(Collection<JsonNode> documents) {
    Changes changes = new Changes();
    for (JsonNode document : documents) {
      try {
        take(document, changes);
      } catch (Stranger e) {
        countStranger();
      }
    }
    tell(changes);
  }

  /** Counts what is not even JSON. */
  public void countStranger() {
    synchronized (lock) {
      strangers++;
    }
  }

  private void take(JsonNode document, Changes changes) throws Stranger {
    Fields fields = new Fields(document);
    Packed packed = Packed.of(document);
    String action = fields.text("event.action");
    if (fields.text("event.kind").equals("alert")) {
      Place place = Place.of(fields);
      Alert alert = Alert.of(fields, packed);
      synchronized (lock) {
        takeAlert(place, alert, changes);
      }
    } else if (action.equals("window_report")) {
      Place place = Place.of(fields);
      Report report = Report.of(fields);
      synchronized (lock) {
        takeReport(place, report, packed, changes);
      }
    } else if (action.equals("ledger")) {
      String detector = fields.name("rule.name");
      long time = fields.has("@timestamp") ? fields.timeMillis("@timestamp") : Long.MIN_VALUE;
      LedgerEntry ledger = new LedgerEntry(time, fields.count("Atalaya.revision"), packed);
      synchronized (lock) {
        takeLedger(detector, ledger);
      }
    } else if (action.equals("dead_letter")) {
      String id = fields.text("event.id");
      String reason = fields.name("event.reason");
      synchronized (lock) {
        taken += deadLetters.add(id, reason, packed) ? 1 : 0;
      }
    } else {
      throw new Stranger("event.action");
    }
  }

  private void takeAlert(Place place, Alert alert, Changes changes) throws Stranger {
    if (alertsById.containsKey(alert.finding.id())) {
      return;
    }
    WindowEntry window = window(place, changes);
    if (window == null || window.isTrimmed() || !makeRoom(alert.bytes(), window)) {
      late++;
      return;
    }
    Window before = window.numbers();
    alert.window = window;
    window.add(alert);
    alertsById.put(alert.finding.id(), alert);
    bytes += alert.bytes();
    withDocuments.add(window);
    window.detector.count(before, window.numbers());
    changes.windows.add(window);
    taken++;
  }

  private void takeReport(Place place, Report report, Packed document, Changes changes)
      throws Stranger {
    WindowEntry window = window(place, changes);
    if (window == null) {
      late++;
      return;
    }
    if (report.equals(window.report())) {
      return;
    }
    Window before = window.numbers();
    taken += window.report() == null ? 1 : 0;
    window.setReport(report);
    forgetReportDocument(window);
    if (!window.isTrimmed() && makeRoom(document.bytes(), window)) {
      window.setReportDocument(document);
      bytes += document.bytes();
      withDocuments.add(window);
    }
    window.detector.count(before, window.numbers());
    changes.windows.add(window);
  }

  private void takeLedger(String detector, LedgerEntry ledger) throws Stranger {
    if (ledgers.size() >= MAX_DETECTORS && !ledgers.containsKey(detector)) {
      throw new Stranger("rule.name");
    }
    if (ledger.isNewerThan(ledgers.get(detector))) {
      ledgers.put(detector, ledger);
      taken++;
    }
  }

  /** Null when it is forgotten. */
  private WindowEntry window(Place place, Changes changes) throws Stranger {
    DetectorEntry detector = detectors.get(place.detector());
    if (detector != null && detector.lengthMillis != place.lengthMillis()) {
      if (place.startMillis() < (detector.lastIndex() + 1) * detector.lengthMillis) {
        return null;
      }
      detector.windows.values().forEach(this::forgetDocuments);
      changes.resets.add(detector.name);
      detector = null;
    }
    if (detector == null) {
      if (detectors.size() >= MAX_DETECTORS && !detectors.containsKey(place.detector())) {
        throw new Stranger("rule.name");
      }
      detector = new DetectorEntry(place, maxWindows);
      detectors.put(place.detector(), detector);
    }
    detector.learn(place);
    if (detector.isForgotten(place.index())) {
      return null;
    }
    if (detector.isBeforeAll(place.index())) {
      changes.resets.add(detector.name);
    }
    WindowEntry window = detector.window(place.index());
    detector.forget().forEach(this::forgetDocuments);
    return window;
  }

  /**
   * Forgets the documents of older windows until there is room.
   *
   * @return whether there is
   */
  private boolean makeRoom(long wanted, WindowEntry window) {
    while (bytes + wanted > maxBytes
        && !withDocuments.isEmpty()
        && WindowEntry.OLDEST_FIRST.compare(withDocuments.first(), window) < 0) {
      forgetDocuments(withDocuments.first());
    }
    return bytes + wanted <= maxBytes;
  }

  private void forgetDocuments(WindowEntry window) {
    withDocuments.remove(window);
    forgetReportDocument(window);
    for (Alert alert : window.alerts()) {
      alertsById.remove(alert.finding.id());
      bytes -= alert.bytes();
    }
    window.trim();
  }

  private void forgetReportDocument(WindowEntry window) {
    if (window.reportDocument() != null) {
      bytes -= window.reportDocument().bytes();
      window.setReportDocument(null);
    }
  }

  private void tell(Changes changes) {
    if (listeners.isEmpty()) {
      return;
    }
    synchronized (telling) {
      for (String detector : changes.resets) {
        listeners.forEach(listener -> listener.accept(new Change(detector, null)));
      }
      for (WindowEntry window : changes.windows) {
        Change change;
        synchronized (lock) {
          if (!isRemembered(window)) {
            continue;
          }
          change = new Change(window.detector.name, window.numbers());
        }
        listeners.forEach(listener -> listener.accept(change));
      }
    }
  }

  private boolean isRemembered(WindowEntry window) {
    return detectors.get(window.detector.name) == window.detector
        && window.detector.windows.get(window.index) == window;
  }

  /** Of each detector, at most. */
  public int maxWindows() {
    return maxWindows;
  }

  /** In the order in which they were first seen. */
  public List<Detector> detectors() {
    synchronized (lock) {
      return detectors.values().stream().map(DetectorEntry::describe).toList();
    }
  }

  public Optional<Detector> detector(String name) {
    synchronized (lock) {
      return Optional.ofNullable(detectors.get(name)).map(DetectorEntry::describe);
    }
  }

  /**
   * The remembered windows of a detector whose epochs are in the range, ascending, without gaps.
   *
   * @return empty when there is no such detector
   */
  public List<Window> windows(String detector, long fromEpoch, long toEpoch) {
    synchronized (lock) {
      DetectorEntry found = detectors.get(detector);
      return found == null ? List.of() : found.numbers(fromEpoch, toEpoch);
    }
  }

  /** The report of a window, as the sinks hold it. */
  public Optional<JsonNode> report(String detector, long epoch) {
    Optional<Packed> report;
    synchronized (lock) {
      report = window(detector, epoch).map(WindowEntry::reportDocument);
    }
    return report.map(Packed::document);
  }

  /** The alerts of a window, by action and rank. */
  public List<JsonNode> alerts(String detector, long epoch) {
    List<Packed> alerts;
    synchronized (lock) {
      alerts =
          window(detector, epoch).stream()
              .flatMap(window -> window.alerts().stream())
              .map(Alert::document)
              .toList();
    }
    return alerts.stream().map(Packed::document).toList();
  }

  /** The same in short, and much faster. */
  public List<Finding> findings(String detector, long epoch) {
    synchronized (lock) {
      return window(detector, epoch).stream()
          .flatMap(window -> window.alerts().stream())
          .map(alert -> alert.finding)
          .toList();
    }
  }

  private Optional<WindowEntry> window(String detector, long epoch) {
    return Optional.ofNullable(detectors.get(detector)).map(found -> found.atEpoch(epoch));
  }

  /**
   * @param limit from 1
   * @param cursor {@link AlertPage#next} of the page before, or null
   * @throws IllegalArgumentException when the cursor is none
   */
  public AlertPage alerts(AlertQuery query, int limit, String cursor) {
    Cursor before = cursor == null ? null : Cursor.parse(cursor);
    AlertFilter filter = new AlertFilter(query);
    List<Alert> page = new ArrayList<>();
    long total = 0;
    boolean isMore = false;
    synchronized (lock) {
      for (WindowEntry window : newestFirst(filter)) {
        for (Alert alert : window.alerts()) {
          if (filter.test(alert)) {
            total++;
            if (before == null || Cursor.of(alert).compareTo(before) > 0) {
              isMore = page.size() == limit;
              if (!isMore) {
                page.add(alert);
              }
            }
          }
        }
      }
    }
    return new AlertPage(
        page.stream().map(alert -> alert.document().document()).toList(),
        isMore ? Cursor.of(page.get(limit - 1)).text() : null,
        total);
  }

  /** In the order of {@link Cursor}. */
  private List<WindowEntry> newestFirst(AlertFilter filter) {
    return withDocuments.stream().filter(filter::test).sorted(WindowEntry.NEWEST_FIRST).toList();
  }

  /** By {@code event.id}. */
  public Optional<JsonNode> alert(String id) {
    Optional<Packed> alert;
    synchronized (lock) {
      alert = Optional.ofNullable(alertsById.get(id)).map(Alert::document);
    }
    return alert.map(Packed::document);
  }

  /**
   * Alerts on the same key by the same detector.
   *
   * @param later whether those of later windows, else those of earlier ones
   * @return nearest first
   */
  public List<JsonNode> neighbours(JsonNode alert, boolean later, int limit) {
    List<Packed> neighbours;
    try {
      Place place = Place.of(new Fields(alert));
      Finding about = Alert.of(new Fields(alert), Packed.of(alert)).finding;
      synchronized (lock) {
        DetectorEntry detector = detectors.get(place.detector());
        if (detector == null || detector.lengthMillis != place.lengthMillis()) {
          return List.of();
        }
        neighbours =
            detector.beside(place.index(), later).values().stream()
                .flatMap(window -> window.alerts().stream())
                .filter(other -> other.finding.isAbout(about))
                .limit(limit)
                .map(Alert::document)
                .toList();
      }
    } catch (Stranger e) {
      return List.of();
    }
    return neighbours.stream().map(Packed::document).toList();
  }

  /** The newest account of a detector, as the sinks hold it. */
  public Optional<JsonNode> ledger(String detector) {
    Optional<LedgerEntry> ledger;
    synchronized (lock) {
      ledger = Optional.ofNullable(ledgers.get(detector));
    }
    return ledger.map(entry -> entry.document().document());
  }

  public DeadLetters deadLetters() {
    synchronized (lock) {
      return deadLetters.describe();
    }
  }

  /** How many dead letters of each reason, as in {@link #deadLetters}, and much faster. */
  public SortedMap<String, Long> deadLetterReasons() {
    synchronized (lock) {
      return deadLetters.reasons();
    }
  }

  /** How many documents were taken; one that came again counts once. */
  public long documents() {
    synchronized (lock) {
      return taken;
    }
  }

  /** How many were none of Atalaya's. */
  public long strangers() {
    synchronized (lock) {
      return strangers;
    }
  }

  /** How many were left out because their window, or the documents of it, were forgotten. */
  public long late() {
    synchronized (lock) {
      return late;
    }
  }

  /**
   * Tells of each window that has changed, by the thread that brought the documents, once for all
   * that were added together; and before them, of detectors that begin anew. The listener must
   * neither block nor throw.
   *
   * @return ends it
   */
  public AutoCloseable listen(Consumer<Change> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /**
   * A change of a detector.
   *
   * @param window that is new, has other numbers now, or more alerts; null when all epochs of the
   *     detector mean other windows than before, as an earlier window came first or the windows
   *     have another length
   */
  public record Change(String detector, Window window) {}
}
