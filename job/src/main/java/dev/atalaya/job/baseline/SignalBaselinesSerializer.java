package dev.atalaya.job.baseline;

import dev.atalaya.connectors.SerializerTypeInfo;
import dev.atalaya.connectors.ValueSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Version byte, how series learn, the series, then where the last window ended. */
public final class SignalBaselinesSerializer extends ValueSerializer<SignalBaselines> {

  public static final TypeInformation<SignalBaselines> TYPE =
      new SerializerTypeInfo<>(SignalBaselines.class, new SignalBaselinesSerializer());

  private static final int VERSION = 1;

  @Override
  public SignalBaselines copy(SignalBaselines from) {
    return from.copy();
  }

  @Override
  public void serialize(SignalBaselines baselines, DataOutputView target) throws IOException {
    target.writeByte(VERSION);
    baselines.write(target);
  }

  @Override
  public SignalBaselines deserialize(DataInputView source) throws IOException {
    checkVersion(source.readByte(), VERSION);
    return SignalBaselines.read(source);
  }

  @Override
  public TypeSerializerSnapshot<SignalBaselines> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Nothing to remember: the bytes carry their version. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<SignalBaselines> {
    public Snapshot() {
      super(SignalBaselinesSerializer::new);
    }
  }
}
