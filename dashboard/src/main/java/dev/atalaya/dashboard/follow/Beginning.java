package dev.atalaya.dashboard.follow;

import java.io.IOException;
import java.time.Duration;

/** The event time from which on a store is read; moves with its newest reports. */
final class Beginning {

  private static final long REFRESH_NANOS = Duration.ofMinutes(10).toNanos();

  private final StoreQueries store;
  private final String reports;
  private final int windows;

  private long millis = Long.MIN_VALUE;
  private long refreshedNanos;

  Beginning(StoreQueries store, String reports, int windows) {
    this.store = store;
    this.reports = reports;
    this.windows = windows;
  }

  /**
   * @return milliseconds since the epoch; {@link Long#MIN_VALUE} while there are no reports
   */
  long millis() throws IOException {
    if (millis == Long.MIN_VALUE || System.nanoTime() - refreshedNanos > REFRESH_NANOS) {
      NewestWindows newest = new NewestWindows(windows);
      store.newestReports(reports).forEach(newest::add);
      millis = newest.beginningMillis();
      refreshedNanos = System.nanoTime();
    }
    return millis;
  }
}
