package dev.atalaya.job.window;

import dev.atalaya.connectors.SerializerTypeInfo;
import dev.atalaya.connectors.ValueSerializer;
import dev.atalaya.job.detect.RuleVersionSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Version byte, detector, slice, newest event time, then the window as {@link
 * WindowSketchSerializer} has it; or another version byte, slice, then the rules as {@link
 * RuleVersionSerializer} has them.
 */
public final class PartialSerializer extends ValueSerializer<Partial> {

  public static final TypeInformation<Partial> TYPE =
      new SerializerTypeInfo<>(Partial.class, new PartialSerializer());

  private static final int VERSION = 1;
  private static final int RULES = 2;

  private final WindowSketchSerializer windows = new WindowSketchSerializer();
  private final RuleVersionSerializer versions = new RuleVersionSerializer();

  @Override
  public Partial copy(Partial from) {
    return from.rules() != null
        ? from
        : new Partial(
            from.detector(), from.slice(), from.newestMillis(), windows.copy(from.window()));
  }

  @Override
  public void serialize(Partial partial, DataOutputView target) throws IOException {
    if (partial.rules() != null) {
      target.writeByte(RULES);
      target.writeInt(partial.slice());
      versions.serialize(partial.rules(), target);
      return;
    }
    target.writeByte(VERSION);
    target.writeUTF(partial.detector());
    target.writeInt(partial.slice());
    target.writeLong(partial.newestMillis());
    windows.serialize(partial.window(), target);
  }

  @Override
  public Partial deserialize(DataInputView source) throws IOException {
    int version = source.readByte();
    if (version == RULES) {
      int ofSlice = source.readInt();
      return Partial.of(versions.deserialize(source), ofSlice);
    }
    checkVersion(version, VERSION);
    String detector = source.readUTF();
    int slice = source.readInt();
    return new Partial(detector, slice, source.readLong(), windows.deserialize(source));
  }

  @Override
  public TypeSerializerSnapshot<Partial> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Nothing to remember. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<Partial> {
    public Snapshot() {
      super(PartialSerializer::new);
    }
  }
}
