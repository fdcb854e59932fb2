package dev.atalaya.connectors;

import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/** Shows a payload as one string: where from, what is wrong with it, and its bytes. */
public final class LineDecoder implements Decoder<String> {

  private transient boolean opened;

  @Override
  public void open() {
    if (opened) {
      throw new IllegalStateException("opened twice");
    }
    opened = true;
  }

  @Override
  public void decode(Payload payload, RecordOutput<String> out) {
    if (!opened) {
      throw new IllegalStateException("not opened");
    }
    out.emit(show(payload));
  }

  /** For example {@code hello}, {@code duplicate:hello} or {@code oversize(12):hel}. */
  public static String show(Payload payload) {
    String text =
        payload.bytes == null
            ? "null"
            : new String(payload.bytes, payload.offset, payload.length, StandardCharsets.UTF_8);
    String fault = payload.fault == null ? "" : payload.fault + "(" + payload.fullLength + "):";
    return (payload.isDuplicate ? "duplicate:" : "") + fault + text;
  }

  @Override
  public TypeInformation<String> producedType() {
    return Types.STRING;
  }
}
