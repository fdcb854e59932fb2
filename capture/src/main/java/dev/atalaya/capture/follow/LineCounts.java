package dev.atalaya.capture.follow;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of lines. Thread-safe. */
final class LineCounts {

  final LongAdder lines = new LongAdder();
  final LongAdder bytes = new LongAdder();
  final LongAdder oversize = new LongAdder();
  final LongAdder empty = new LongAdder();

  void addCounts(Map<String, Long> counts) {
    counts.put("lines", lines.sum());
    counts.put("bytes", bytes.sum());
    counts.put("oversize", oversize.sum());
    counts.put("empty", empty.sum());
  }
}
