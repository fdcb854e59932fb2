package dev.atalaya.job.baseline;

import dev.atalaya.connectors.SerializerTypeInfo;
import dev.atalaya.connectors.VersionedSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Version byte, how series learn, the series, then where the last window ended. */
public final class SignalBaselinesSerializer extends VersionedSerializer<SignalBaselines> {

  public static final TypeInformation<SignalBaselines> TYPE =
      new SerializerTypeInfo<>(SignalBaselines.class, new SignalBaselinesSerializer());

  @Override
  public SignalBaselines copy(SignalBaselines from) {
    return from.copy();
  }

  @Override
  protected void write(SignalBaselines baselines, DataOutputView target) throws IOException {
    baselines.write(target);
  }

  @Override
  protected SignalBaselines read(DataInputView source) throws IOException {
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
