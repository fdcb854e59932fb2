package dev.atalaya.job.decode;

import dev.atalaya.connectors.SerializerTypeInfo;
import dev.atalaya.connectors.ValueSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * A {@link DecodedRecord} as bytes, between tasks; it is never part of a checkpoint.
 *
 * <p>Shape, big-endian as Flink's streams are: kind (1 byte), time (8), cut fields (4), number of
 * text fields (2), for each its length (4, -1 when absent) and bytes, number of number fields (2),
 * for each its value (8); for rejections then reason, detail, raw, origin (strings), full length
 * and time (8 each).
 */
public final class DecodedRecordSerializer extends ValueSerializer<DecodedRecord> {

  public static final TypeInformation<DecodedRecord> TYPE =
      new SerializerTypeInfo<>(DecodedRecord.class, new DecodedRecordSerializer());

  private static final int EVENT = 0;
  private static final int SKEWED = 1;
  private static final int REJECTED = 2;
  private static final int DUPLICATE = 3;
  private static final int ABSENT = -1;

  @Override
  public DecodedRecord copy(DecodedRecord from) {
    return from.copy();
  }

  @Override
  public void serialize(DecodedRecord record, DataOutputView target) throws IOException {
    target.writeByte(
        switch (record.kind()) {
          case EVENT -> EVENT;
          case SKEWED -> SKEWED;
          case REJECTED -> REJECTED;
          case DUPLICATE -> DUPLICATE;
        });
    target.writeLong(record.timestampMillis());
    target.writeInt(record.truncatedFields());
    target.writeShort(record.textFields());
    for (int slot = 0; slot < record.textFields(); slot++) {
      if (record.hasText(slot)) {
        target.writeInt(record.textLength(slot));
        target.write(record.text(), record.textStart(slot), record.textLength(slot));
      } else {
        target.writeInt(ABSENT);
      }
    }
    target.writeShort(record.numberFields());
    for (int slot = 0; slot < record.numberFields(); slot++) {
      target.writeLong(record.number(slot));
    }
    if (record.kind() == DecodedRecord.Kind.REJECTED) {
      serialize(record.rejection(), target);
    }
  }

  private static void serialize(Rejection rejection, DataOutputView target) throws IOException {
    StringValue.writeString(rejection.reason().label(), target);
    StringValue.writeString(rejection.detail(), target);
    StringValue.writeString(rejection.rawBase64(), target);
    StringValue.writeString(rejection.origin(), target);
    target.writeLong(rejection.fullLength());
    target.writeLong(rejection.timestampMillis());
  }

  @Override
  public DecodedRecord deserialize(DataInputView source) throws IOException {
    int kind = source.readByte();
    long timestampMillis = source.readLong();
    int truncatedFields = source.readInt();
    byte[][] texts = new byte[source.readUnsignedShort()][];
    for (int slot = 0; slot < texts.length; slot++) {
      int length = source.readInt();
      if (length != ABSENT) {
        texts[slot] = new byte[length];
        source.readFully(texts[slot]);
      }
    }
    DecodedRecord record = new DecodedRecord(texts.length, source.readUnsignedShort());
    record.timestampMillis(timestampMillis);
    for (int slot = 0; slot < texts.length; slot++) {
      if (texts[slot] != null) {
        record.text(slot, texts[slot], 0, texts[slot].length);
      }
    }
    for (int slot = 0; slot < record.numberFields(); slot++) {
      record.number(slot, source.readLong());
    }
    for (int i = 0; i < truncatedFields; i++) {
      record.countTruncatedField();
    }
    switch (kind) {
      case EVENT -> {}
      case SKEWED -> record.markSkewed();
      case REJECTED -> record.reject(deserializeRejection(source));
      case DUPLICATE -> record.markDuplicate();
      default -> throw new IOException("no kind of record is " + kind);
    }
    return record;
  }

  private static Rejection deserializeRejection(DataInputView source) throws IOException {
    RejectReason reason = RejectReason.of(StringValue.readString(source));
    String detail = StringValue.readString(source);
    String rawBase64 = StringValue.readString(source);
    String origin = StringValue.readString(source);
    return new Rejection(reason, detail, rawBase64, source.readLong(), origin, source.readLong());
  }

  @Override
  public TypeSerializerSnapshot<DecodedRecord> snapshotConfiguration() {
    return new Snapshot();
  }

  /** The serializer has no settings, so its class is all there is to keep. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<DecodedRecord> {
    public Snapshot() {
      super(DecodedRecordSerializer::new);
    }
  }
}
