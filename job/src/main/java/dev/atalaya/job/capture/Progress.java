package dev.atalaya.job.capture;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far each content of a follower was handed on, by the ids of its lines, {@code content-byte},
 * which come in order: what is read again after a failure is known by that.
 *
 * <p>Memory: the latest {@link #MAX_CONTENTS} contents, more than a follower has.
 *
 * <p>Not thread-safe.
 */
final class Progress {

  static final int MAX_CONTENTS = 16_384;

  private final LinkedHashMap<String, Long> lastBytes =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX_CONTENTS;
        }
      };

  Progress(Map<String, Long> lastBytes) {
    this.lastBytes.putAll(lastBytes);
  }

  /** Notes a line; false when it was handed on before. */
  boolean advance(String id) {
    int dash = id.lastIndexOf('-');
    String content = id.substring(0, dash);
    long start = Long.parseLong(id.substring(dash + 1));
    Long last = lastBytes.get(content);
    if (last != null && start <= last) {
      return false;
    }
    lastBytes.put(content, start);
    return true;
  }

  Map<String, Long> lastBytes() {
    return new LinkedHashMap<>(lastBytes);
  }
}
