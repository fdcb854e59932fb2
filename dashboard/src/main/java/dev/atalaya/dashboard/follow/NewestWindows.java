package dev.atalaya.dashboard.follow;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** How far back to read a sink, as its newest reports tell. */
final class NewestWindows {

  private final int windows;
  private final Map<String, Long> beginnings = new HashMap<>();

  /**
   * @param windows how many of each detector are wanted
   */
  NewestWindows(int windows) {
    this.windows = windows;
  }

  /** In any order; the newest of each detector counts. */
  void add(JsonNode report) {
    JsonNode event = report.path("event");
    try {
      long start = Instant.parse(event.path("start").asText()).toEpochMilli();
      long end = Instant.parse(event.path("end").asText()).toEpochMilli();
      beginnings.merge(
          report.path("rule").path("name").asText(),
          Math.subtractExact(end, Math.multiplyExact(end - start, (long) windows)),
          Math::max);
    } catch (DateTimeException | ArithmeticException e) {
      // An account, or none of Atalaya's: it tells nothing.
    }
  }

  /**
   * When the last windows of all detectors have begun, in milliseconds since the epoch.
   *
   * @return {@link Long#MIN_VALUE} when there are no reports
   */
  long beginningMillis() {
    return beginnings.values().stream().mapToLong(Long::longValue).min().orElse(Long.MIN_VALUE);
  }
}
