package dev.atalaya.connectors.search;

import java.io.Serializable;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the next try: anything up to a limit that doubles, so that many writers
 * do not come back at the same time.
 *
 * @param patienceMillis how long a store may fail at a document before that is given up
 */
record Backoff(long firstMillis, long maxMillis, long patienceMillis) implements Serializable {

  private static final int MAX_DOUBLINGS = 30;

  /**
   * @param failures in a row, from 1
   */
  long delayMillis(int failures) {
    long limit = Math.min(maxMillis, firstMillis << Math.min(failures - 1, MAX_DOUBLINGS));
    return ThreadLocalRandom.current().nextLong(limit) + 1;
  }
}
