package dev.atalaya.dashboard.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Remembers documents: of each detector the recent windows, of all together as many alerts as fit
 * into a budget of bytes; the oldest go first. A document that comes twice (by its {@code
 * event.id}) counts once while it is remembered; documents may come in any order.
 *
 * <p>Thread-safe.
 */
public final class History {

  private final int maxWindows;
  private final long maxBytes;

  /**
   * @param maxWindows of each detector
   * @param maxBytes of all alerts together, as JSON text
   */
  public History(int maxWindows, long maxBytes) {
    this.maxWindows = maxWindows;
    this.maxBytes = maxBytes;
  }

  /** Takes a document of any kind; what is none of Atalaya's is counted and left out. */
  public void add(JsonNode document) {
    throw new UnsupportedOperationException();
  }

  /** In the order in which they were first seen. */
  public List<Detector> detectors() {
    throw new UnsupportedOperationException();
  }

  public Optional<Detector> detector(String name) {
    throw new UnsupportedOperationException();
  }

  /**
   * The remembered windows of a detector whose epochs are in the range, ascending, without gaps.
   *
   * @return empty when there is no such detector
   */
  public List<Window> windows(String detector, long fromEpoch, long toEpoch) {
    throw new UnsupportedOperationException();
  }

  /** The report of a window, as the sinks hold it. */
  public Optional<JsonNode> report(String detector, long epoch) {
    throw new UnsupportedOperationException();
  }

  /** The alerts of a window, by action and rank. */
  public List<JsonNode> alerts(String detector, long epoch) {
    throw new UnsupportedOperationException();
  }

  /**
   * @param limit from 1
   * @param cursor {@link AlertPage#next} of the page before, or null
   * @throws IllegalArgumentException when the cursor is none
   */
  public AlertPage alerts(AlertQuery query, int limit, String cursor) {
    throw new UnsupportedOperationException();
  }

  /** By {@code event.id}. */
  public Optional<JsonNode> alert(String id) {
    throw new UnsupportedOperationException();
  }

  /**
   * Alerts on the same key by the same detector.
   *
   * @param later whether those of later windows, else those of earlier ones
   * @return nearest first
   */
  public List<JsonNode> neighbours(JsonNode alert, boolean later, int limit) {
    throw new UnsupportedOperationException();
  }

  /** The newest account of a detector, as the sinks hold it. */
  public Optional<JsonNode> ledger(String detector) {
    throw new UnsupportedOperationException();
  }

  public DeadLetters deadLetters() {
    throw new UnsupportedOperationException();
  }

  /** How many documents were taken, and how many were none of Atalaya's. */
  public long documents() {
    throw new UnsupportedOperationException();
  }

  public long strangers() {
    throw new UnsupportedOperationException();
  }

  /**
   * Tells of each window that has changed, by the thread that brought the document, not often more
   * than once per window. The listener must not block.
   *
   * @return ends it
   */
  public AutoCloseable listen(Consumer<Change> listener) {
    throw new UnsupportedOperationException();
  }

  /** A window that is new or has other numbers now. */
  public record Change(String detector, Window window) {}
}
