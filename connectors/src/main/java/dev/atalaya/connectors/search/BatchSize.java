package dev.atalaya.connectors.search;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many documents a request may have. Fewer after a failure, and more again after successes: at
 * once when the failure was that of some document, and with ever longer waits when what is long is
 * cut, since then every try of a longer one may cost a whole timeout.
 */
final class BatchSize {

  private static final long FIRST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long MAX_WAIT_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final int most;
  private final LongSupplier nanos;

  private int now;

  /** Not above it until {@link #growNanos}; {@link #most} unless requests are cut. */
  private int ceiling;

  /** The largest that succeeded since requests are cut. */
  private int proven;

  private long growNanos;
  private long waitNanos;

  BatchSize(int most, LongSupplier nanos) {
    this.most = most;
    this.nanos = nanos;
    now = most;
    whole();
  }

  private void whole() {
    ceiling = most;
    proven = most;
    waitNanos = FIRST_WAIT_NANOS;
  }

  int get() {
    return now;
  }

  /** Whether requests were cut, and none so long has succeeded since. */
  boolean isDoubtful(int documents) {
    return documents > proven;
  }

  /** A request failed, and a smaller one may show at which document. */
  void halve(int documents) {
    now = Math.max(1, documents / 2);
  }

  /** A request came to nothing, perhaps since it was long. */
  void cut(int documents) {
    if (isDoubtful(documents) && proven > 0) {
      now = proven;
      waitNanos = Math.min(2 * waitNanos, MAX_WAIT_NANOS);
    } else {
      now = Math.max(1, documents / 2);
      proven = 0;
    }
    ceiling = now;
    growNanos = nanos.getAsLong() + waitNanos;
  }

  void succeeded(int documents) {
    if (documents == most) {
      whole();
    } else if (isDoubtful(documents)) {
      proven = documents;
    }
    if (nanos.getAsLong() - growNanos >= 0) {
      ceiling = most;
    }
    now = Math.min(2 * now, ceiling);
  }
}
