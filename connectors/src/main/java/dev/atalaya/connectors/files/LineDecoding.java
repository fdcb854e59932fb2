package dev.atalaya.connectors.files;

import dev.atalaya.connectors.Decoder;
import dev.atalaya.connectors.Origin;
import dev.atalaya.connectors.Payload;
import java.util.ArrayDeque;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** The decoder of one task with what it needs around it. Used by the task's thread alone. */
final class LineDecoding<T> implements Origin {

  private final Decoder<T> decoder;
  private final Payload payload = new Payload();
  private final ArrayDeque<T> decoded = new ArrayDeque<>();
  private final Decoder.RecordOutput<T> output = this::add;

  /** Copies records that wait for their turn; null when a payload gives only one. */
  private TypeSerializer<T> copier;

  private boolean opened;
  private String file;
  private long offset;

  LineDecoding(Decoder<T> decoder) {
    this.decoder = decoder;
  }

  /** The records of a line, in a queue that the caller empties. */
  ArrayDeque<T> decode(Lines lines, int line, String fromFile, byte[] header) {
    if (!opened) {
      open();
    }
    file = fromFile;
    offset = lines.offset(line);
    payload.set(lines.bytes, lines.start(line), lines.length(line), this);
    payload.fileHeader = header;
    payload.isFileHeader = offset == 0;
    if (line == lines.count() - 1) {
      payload.fullLength = lines.lastFullLength;
      payload.fault = lines.fault;
    }
    decoder.decode(payload, output);
    if (copier == null && decoded.size() > 1) {
      throw new IllegalStateException(
          decoder.getClass().getName() + " emits several records, but emitsSeveral() denies it");
    }
    return decoded;
  }

  private void open() {
    decoder.open();
    if (decoder.emitsSeveral()) {
      copier = decoder.producedType().createSerializer(new SerializerConfigImpl());
    }
    opened = true;
  }

  private void add(T emitted) {
    decoded.add(copier == null ? emitted : copier.copy(emitted));
  }

  @Override
  public String describe() {
    return file + "@" + offset;
  }
}
