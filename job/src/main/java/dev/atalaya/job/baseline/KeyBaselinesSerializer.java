package dev.atalaya.job.baseline;

import dev.atalaya.connectors.SerializerTypeInfo;
import dev.atalaya.connectors.VersionedSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Version byte, how series learn, the series of unknown keys, then key by key in hash order. */
public final class KeyBaselinesSerializer extends VersionedSerializer<KeyBaselines> {

  public static final TypeInformation<KeyBaselines> TYPE =
      new SerializerTypeInfo<>(KeyBaselines.class, new KeyBaselinesSerializer());

  @Override
  public KeyBaselines copy(KeyBaselines from) {
    return from.copy();
  }

  @Override
  protected void write(KeyBaselines baselines, DataOutputView target) throws IOException {
    baselines.write(target);
  }

  @Override
  protected KeyBaselines read(DataInputView source) throws IOException {
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
