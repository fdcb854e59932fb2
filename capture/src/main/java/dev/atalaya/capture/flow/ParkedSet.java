package dev.atalaya.capture.flow;

/** A set of data, its head included, that waits for its template. */
final class ParkedSet {

  private static final long OBJECT_BYTES = 160;

  final ExportHeader header;
  final byte[] set;

  ParkedSet(ExportHeader header, byte[] set) {
    this.header = header;
    this.set = set;
  }

  long bytes() {
    return OBJECT_BYTES + set.length;
  }
}
