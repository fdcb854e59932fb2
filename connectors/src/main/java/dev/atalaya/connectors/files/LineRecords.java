package dev.atalaya.connectors.files;

import java.util.ArrayDeque;
import org.apache.flink.connector.file.src.reader.BulkFormat.RecordIterator;
import org.apache.flink.connector.file.src.util.MutableRecordAndPosition;
import org.apache.flink.connector.file.src.util.RecordAndPosition;

/**
 * The records of some lines, each with the position to go on from after it. Decodes a line when its
 * first record is asked for. Used by the task's thread alone.
 */
final class LineRecords<T> implements RecordIterator<T> {

  private final LineDecoding<T> decoding;
  private final Lines lines;
  private final byte[] header;
  private final String file;
  private final MutableRecordAndPosition<T> next = new MutableRecordAndPosition<>();

  /** How many records of the first line were handed on before the last restore. */
  private final long recordsToSkip;

  private int line = -1;
  private ArrayDeque<T> ofLine = new ArrayDeque<>();
  private long handedOn;

  LineRecords(
      LineDecoding<T> decoding, Lines lines, byte[] header, String file, long recordsToSkip) {
    this.decoding = decoding;
    this.lines = lines;
    this.header = header;
    this.file = file;
    this.recordsToSkip = recordsToSkip;
  }

  @Override
  public RecordAndPosition<T> next() {
    while (ofLine.isEmpty()) {
      if (line + 1 == lines.count()) {
        return null;
      }
      line++;
      ofLine = decoding.decode(lines, line, file, header);
      handedOn = 0;
      if (line == 0) {
        for (; handedOn < recordsToSkip && !ofLine.isEmpty(); handedOn++) {
          ofLine.remove();
        }
      }
    }
    T decoded = ofLine.remove();
    handedOn++;
    if (ofLine.isEmpty() && !isBrokenOff()) {
      next.set(decoded, lines.offsetAfter(line), 0);
    } else {
      next.set(decoded, lines.offset(line), handedOn);
    }
    return next;
  }

  /** No line begins after this one, so a position behind it would find the fault again. */
  private boolean isBrokenOff() {
    return lines.brokenOff && line == lines.count() - 1;
  }

  @Override
  public void releaseBatch() {
    // Arrays are not reused.
  }
}
