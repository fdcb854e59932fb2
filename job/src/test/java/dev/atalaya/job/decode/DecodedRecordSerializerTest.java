package dev.atalaya.job.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DecodedRecordSerializerTest {

  private final TypeSerializer<DecodedRecord> serializer =
      DecodedRecordSerializer.TYPE.createSerializer(new SerializerConfigImpl());

  static Stream<DecodedRecord> records() {
    DecodedRecord event = new DecodedRecord(3, 2);
    event.timestampMillis(1_600_000_000_000L);
    event.text(2, "ñandú".getBytes(UTF_8), 0, 7);
    event.text(0, new byte[0], 0, 0);
    event.number(1, -5);
    event.countTruncatedField();
    DecodedRecord skewed = event.copy();
    skewed.markSkewed();
    DecodedRecord rejected = new DecodedRecord(3, 2);
    rejected.reject(
        new Rejection(
            RejectReason.TIME_RANGE, "0 is no time", "MA==", 1, "kafka:flows/3@1200", 12));
    DecodedRecord duplicate = new DecodedRecord(3, 2);
    duplicate.markDuplicate();
    return Stream.of(event, skewed, rejected, duplicate, new DecodedRecord(0, 0));
  }

  @ParameterizedTest
  @MethodSource("records")
  void recordComesBackAsItWas(DecodedRecord record) throws IOException {
    byte[] bytes = bytes(record);
    assertSame(record, serializer.deserialize(new DataInputDeserializer(bytes)));
    assertSame(record, serializer.copy(record));

    DataOutputSerializer target = new DataOutputSerializer(64);
    serializer.copy(new DataInputDeserializer(bytes), target);
    assertThat(target.getCopyOfBuffer()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @MethodSource("records")
  void cutBytesAreAnError(DecodedRecord record) throws IOException {
    byte[] bytes = bytes(record);
    for (int length = 0; length < bytes.length; length++) {
      DataInputDeserializer cut = new DataInputDeserializer(bytes, 0, length);
      assertThatThrownBy(() -> serializer.deserialize(cut)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void unknownKindIsAnError() throws IOException {
    byte[] bytes = bytes(new DecodedRecord(0, 0));
    bytes[0] = 9;
    assertThatThrownBy(() -> serializer.deserialize(new DataInputDeserializer(bytes)))
        .hasMessageContaining("9");
  }

  @Test
  void decoderAndWatermarksSurviveTheTripToAWorker() throws Exception {
    RecordDecoder decoder = DecoderFixture.json().decoder();
    assertThat(decoder.producedType()).isSameAs(DecodedRecordSerializer.TYPE);
    RecordDecoder shipped = InstantiationUtil.clone(decoder);
    shipped.open();
    shipped.decode(
        DecoderFixture.json().payload(DecoderFixture.json().goodPayload()),
        record -> assertThat(record.kind()).isEqualTo(DecodedRecord.Kind.EVENT));
    EventWatermarks watermarks = new EventWatermarks(1, 2);
    assertThat(InstantiationUtil.clone(watermarks)).isEqualTo(watermarks);
  }

  private byte[] bytes(DecodedRecord record) throws IOException {
    DataOutputSerializer target = new DataOutputSerializer(64);
    serializer.serialize(record, target);
    return target.getCopyOfBuffer();
  }

  private static void assertSame(DecodedRecord expected, DecodedRecord actual) {
    assertThat(actual).isNotSameAs(expected);
    assertThat(fields(actual)).isEqualTo(fields(expected));
  }

  private static List<Object> fields(DecodedRecord record) {
    List<Object> fields = new java.util.ArrayList<>();
    fields.add(record.kind());
    fields.add(record.timestampMillis());
    fields.add(record.truncatedFields());
    fields.add(record.rejection());
    for (int slot = 0; slot < record.textFields(); slot++) {
      fields.add(record.textString(slot));
    }
    for (int slot = 0; slot < record.numberFields(); slot++) {
      fields.add(record.number(slot));
    }
    return fields;
  }
}
