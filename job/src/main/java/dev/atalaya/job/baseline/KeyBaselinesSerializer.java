package dev.atalaya.job.baseline;

import dev.atalaya.connectors.SerializerTypeInfo;
import dev.atalaya.connectors.ValueSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Version byte, how series learn, the series of unknown keys, then key by key in hash order. */
public final class KeyBaselinesSerializer extends ValueSerializer<KeyBaselines> {

  public static final TypeInformation<KeyBaselines> TYPE =
      new SerializerTypeInfo<>(KeyBaselines.class, new KeyBaselinesSerializer());

  private static final int VERSION = 1;

  @Override
  public KeyBaselines copy(KeyBaselines from) {
    return from.copy();
  }

  @Override
  public void serialize(KeyBaselines baselines, DataOutputView target) throws IOException {
    target.writeByte(VERSION);
    baselines.write(target);
  }

  @Override
  public KeyBaselines deserialize(DataInputView source) throws IOException {
    checkVersion(source.readByte(), VERSION);
    return KeyBaselines.read(source);
  }

  @Override
  public TypeSerializerSnapshot<KeyBaselines> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Nothing to remember: the bytes carry their version. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<KeyBaselines> {
    public Snapshot() {
      super(KeyBaselinesSerializer::new);
    }
  }
}
