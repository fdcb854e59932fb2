package dev.atalaya.connectors;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The bytes of a {@link Document}: its kind as one byte, its time as a big-endian long, its id, its
 * key and its JSON as UTF-8 after a big-endian int of their length.
 */
public final class DocumentSerializer extends ValueSerializer<Document> {

  public static final TypeInformation<Document> TYPE =
      new SerializerTypeInfo<>(Document.class, new DocumentSerializer());

  private static final Document.Kind[] KINDS = {
    Document.Kind.ALERT, Document.Kind.REPORT, Document.Kind.DEAD_LETTER
  };

  @Override
  public void serialize(Document document, DataOutputView target) throws IOException {
    target.writeByte(code(document.kind()));
    target.writeLong(document.eventTimeMillis());
    writeText(document.id(), target);
    writeText(document.key(), target);
    writeText(document.json(), target);
  }

  @Override
  public Document deserialize(DataInputView source) throws IOException {
    int code = source.readByte();
    if (code < 0 || code >= KINDS.length) {
      throw new IOException(
          "kind of a document must be 0 to " + (KINDS.length - 1) + ", got " + code);
    }
    long eventTimeMillis = source.readLong();
    String id = readText(source);
    String key = readText(source);
    return new Document(KINDS[code], id, key, eventTimeMillis, readText(source));
  }

  @Override
  public Document copy(Document from) {
    return from;
  }

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public TypeSerializerSnapshot<Document> snapshotConfiguration() {
    return new Snapshot();
  }

  private static int code(Document.Kind kind) {
    return switch (kind) {
      case ALERT -> 0;
      case REPORT -> 1;
      case DEAD_LETTER -> 2;
    };
  }

  private static void writeText(String text, DataOutputView target) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    target.writeInt(bytes.length);
    target.write(bytes);
  }

  private static String readText(DataInputView source) throws IOException {
    int length = source.readInt();
    if (length < 0) {
      throw new IOException("length of a text must be >= 0, got " + length);
    }
    byte[] bytes = new byte[length];
    source.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The layout above has no settings. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<Document> {
    public Snapshot() {
      super(DocumentSerializer::new);
    }
  }
}
