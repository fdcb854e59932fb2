package dev.atalaya.capture.follow;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what could not be read or kept, and tells one of it in a minute. For one thread. */
final class ReadFaults {

  private static final Logger LOG = LoggerFactory.getLogger(ReadFaults.class);
  private static final long TELL_MILLIS = 60_000;

  private final String name;
  private final AtomicLong faults = new AtomicLong();
  private long toldMillis = FileFollower.now() - TELL_MILLIS;

  /**
   * @param name of what reads
   */
  ReadFaults(String name) {
    this.name = name;
  }

  /** How many. For any thread. */
  long count() {
    return faults.get();
  }

  void tell(Path file, IOException fault) {
    if (fault instanceof NoSuchFileException || fault instanceof ClosedByInterruptException) {
      return; // renamed or deleted since it was found, as the next search knows; or reading ends
    }
    if (isToBeTold()) {
      LOG.warn("{}: {}: {}", name, file.toString().replaceAll("\\p{C}", "?"), fault.toString());
    }
  }

  /** A fault of ours, and no reason to follow nothing any more. */
  void tell(RuntimeException fault) {
    if (isToBeTold()) {
      LOG.error("{}", name, fault);
    }
  }

  private boolean isToBeTold() {
    faults.incrementAndGet();
    long now = FileFollower.now();
    boolean isTime = now - toldMillis >= TELL_MILLIS;
    toldMillis = isTime ? now : toldMillis;
    return isTime;
  }
}
