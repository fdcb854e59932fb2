package dev.atalaya.connectors.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class IdListSerializerTest {

  private static final List<String> IDS = List.of("a", "", "ñ");
  private static final String BYTES = "01" + "00000003" + "000161" + "0000" + "0002c3b1";

  @Test
  void writesTheseBytesForEver() throws Exception {
    DataOutputSerializer out = new DataOutputSerializer(16);
    IdListSerializer.INSTANCE.serialize(IDS, out);
    assertThat(HexFormat.of().formatHex(out.getCopyOfBuffer())).isEqualTo(BYTES);
  }

  @Test
  void readsThem() throws Exception {
    assertThat(read(BYTES)).isEqualTo(IDS);
  }

  @Test
  void refusesAnotherVersion() {
    assertThatThrownBy(() -> read("02" + BYTES.substring(2)))
        .isInstanceOf(IOException.class)
        .hasMessage("IdListSerializer: version 2 is not known to this release");
  }

  @Test
  void refusesWhatIsCutShortOrNegative() {
    for (int end = 0; end < BYTES.length(); end += 2) {
      String cut = BYTES.substring(0, end);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(EOFException.class);
    }
    assertThatThrownBy(() -> read("01ffffffff")).hasMessage("number of ids must be >= 0, got -1");
    assertThatThrownBy(() -> read("017fffffff")).isInstanceOf(EOFException.class);
  }

  private static List<String> read(String hex) throws IOException {
    return IdListSerializer.INSTANCE.deserialize(
        new DataInputDeserializer(HexFormat.of().parseHex(hex)));
  }
}
