package dev.atalaya.connectors.files;

import java.util.Arrays;

/**
 * Some payloads of one file that follow each other, as slices of one array. Only the last can have
 * a {@link #fault}.
 *
 * <p>Filled by the thread that reads, then read by the task's thread.
 */
final class Lines {

  final byte[] bytes;

  /** Where {@code bytes[0]} stands in the file's (inflated) bytes. */
  final long offset;

  private int[] bounds = new int[256];
  private int count;

  /** Where the payload after the last one begins, in the file's (inflated) bytes. */
  long nextOffset;

  /** What is wrong with the last payload, as a reject reason; null when nothing is. */
  String fault;

  /** The true length of the last payload. */
  long lastFullLength;

  /** Whether the last payload is the last of its file because no more can be inflated. */
  boolean brokenOff;

  Lines(byte[] bytes, long offset) {
    this.bytes = bytes;
    this.offset = offset;
  }

  /** Adds the payload {@code bytes[start]} to {@code bytes[end - 1]}. */
  void add(int start, int end) {
    if (bounds.length == 2 * count) {
      bounds = Arrays.copyOf(bounds, 4 * count);
    }
    bounds[2 * count] = start;
    bounds[2 * count + 1] = end;
    count++;
    lastFullLength = (long) end - start;
  }

  int count() {
    return count;
  }

  int start(int line) {
    return bounds[2 * line];
  }

  int length(int line) {
    return bounds[2 * line + 1] - bounds[2 * line];
  }

  long offset(int line) {
    return offset + bounds[2 * line];
  }

  /** Where the payload after this one begins. */
  long offsetAfter(int line) {
    return line + 1 < count ? offset(line + 1) : nextOffset;
  }
}
