package dev.atalaya.connectors;

import java.io.Serializable;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * Turns each payload into exactly one record, or into several where the format says that a payload
 * holds several. It never throws on content and never answers nothing: a broker that waits for an
 * acknowledgement would wait for ever. The one exception is the line of a file that names its
 * columns ({@link Payload#isFileHeader}): it is no record.
 *
 * <p>A decoder may hand out the same record instance again and again; who keeps one copies it. One
 * instance serves one thread.
 */
public interface Decoder<T> extends Serializable {

  /** Called once, on the machine that decodes, before the first payload. */
  void open();

  /** Decodes a payload and gives each record to {@code out} before it returns. */
  void decode(Payload payload, RecordOutput<T> out);

  TypeInformation<T> producedType();

  /**
   * Whether one payload may give more than one record. Connectors that can only hand on one record
   * at a time then copy each of them; of a decoder that says no they copy none.
   */
  default boolean emitsSeveral() {
    return false;
  }

  /** Receives the records of a payload. */
  @FunctionalInterface
  interface RecordOutput<T> {
    void emit(T decoded);
  }
}
