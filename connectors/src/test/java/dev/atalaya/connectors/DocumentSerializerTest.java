package dev.atalaya.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class DocumentSerializerTest {

  private static final DocumentSerializer SERIALIZER = new DocumentSerializer();

  private static final List<Document> DOCUMENTS =
      List.of(
          new Document(Document.Kind.ALERT, "id", "ports", 1L, "{}"),
          new Document(Document.Kind.REPORT, "", "", -1L, "ñ漢\uD83D\uDE00"),
          new Document(Document.Kind.DEAD_LETTER, "x", "ñ", Document.UNDATED, "x".repeat(100_000)));

  @Test
  void readsBackWhatItWrote() throws IOException {
    for (Document document : DOCUMENTS) {
      byte[] bytes = write(document);
      assertThat(read(bytes)).isEqualTo(document);

      DataOutputSerializer copy = new DataOutputSerializer(64);
      SERIALIZER.copy(new DataInputDeserializer(bytes), copy);
      assertThat(copy.getCopyOfBuffer()).isEqualTo(bytes);
    }
  }

  /** The layout of version 1, for ever. */
  @Test
  void keepsItsLayout() throws IOException {
    assertThat(
            HexFormat.of()
                .formatHex(write(new Document(Document.Kind.REPORT, "é", "k", 258, "{}"))))
        .isEqualTo(
            "01"
                + "0000000000000102"
                + "00000002"
                + "c3a9"
                + "00000001"
                + "6b"
                + "00000002"
                + "7b7d");
  }

  @Test
  void refusesAnUnknownKindAndAnEarlyEnd() throws IOException {
    byte[] bytes = write(DOCUMENTS.get(0));
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(EOFException.class);
    }
    bytes[0] = 3;
    assertThatThrownBy(() -> read(bytes)).hasMessage("kind of a document must be 0 to 2, got 3");
  }

  private static byte[] write(Document document) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    SERIALIZER.serialize(document, out);
    return out.getCopyOfBuffer();
  }

  private static Document read(byte[] bytes) throws IOException {
    return SERIALIZER.deserialize(new DataInputDeserializer(bytes));
  }
}
