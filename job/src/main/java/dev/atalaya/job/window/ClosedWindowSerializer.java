package dev.atalaya.job.window;

import dev.atalaya.connectors.SerializerTypeInfo;
import dev.atalaya.connectors.VersionedSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Version byte, the end, then the window as {@link WindowSketchSerializer} has it. */
public final class ClosedWindowSerializer extends VersionedSerializer<ClosedWindow> {

  static final TypeInformation<ClosedWindow> TYPE =
      new SerializerTypeInfo<>(ClosedWindow.class, new ClosedWindowSerializer());

  private final WindowSketchSerializer windows = new WindowSketchSerializer();

  @Override
  public ClosedWindow copy(ClosedWindow from) {
    return new ClosedWindow(from.endMillis(), windows.copy(from.window()));
  }

  @Override
  protected void write(ClosedWindow closed, DataOutputView target) throws IOException {
    target.writeLong(closed.endMillis());
    windows.serialize(closed.window(), target);
  }

  @Override
  protected ClosedWindow read(DataInputView source) throws IOException {
    return new ClosedWindow(source.readLong(), windows.deserialize(source));
  }

  @Override
  public TypeSerializerSnapshot<ClosedWindow> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Nothing to remember. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<ClosedWindow> {
    public Snapshot() {
      super(ClosedWindowSerializer::new);
    }
  }
}
