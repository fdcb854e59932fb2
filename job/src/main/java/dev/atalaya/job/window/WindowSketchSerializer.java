package dev.atalaya.job.window;

import dev.atalaya.connectors.SerializerTypeInfo;
import dev.atalaya.connectors.ValueSerializer;
import dev.atalaya.sketch.KeySummaries;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Version byte, start, events, filtered, total, then the length and bytes of the summary. */
public final class WindowSketchSerializer extends ValueSerializer<WindowSketch> {

  public static final TypeInformation<WindowSketch> TYPE =
      new SerializerTypeInfo<>(WindowSketch.class, new WindowSketchSerializer());

  private static final int VERSION = 1;

  @Override
  public WindowSketch copy(WindowSketch from) {
    return from.copy();
  }

  @Override
  public void serialize(WindowSketch window, DataOutputView target) throws IOException {
    target.writeByte(VERSION);
    target.writeLong(window.startMillis);
    target.writeLong(window.events);
    target.writeLong(window.filtered);
    target.writeLong(window.total);
    ByteBuffer bytes =
        ByteBuffer.allocate(window.keys.maxSerializedBytes()).order(ByteOrder.LITTLE_ENDIAN);
    window.keys.write(bytes);
    target.writeInt(bytes.position());
    target.write(bytes.array(), 0, bytes.position());
  }

  @Override
  public WindowSketch deserialize(DataInputView source) throws IOException {
    checkVersion(source.readByte(), VERSION);
    long start = source.readLong();
    long events = source.readLong();
    long filtered = source.readLong();
    long total = source.readLong();
    byte[] bytes = new byte[source.readInt()];
    source.readFully(bytes);
    WindowSketch window =
        new WindowSketch(
            start, KeySummaries.read(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)));
    window.events = events;
    window.filtered = filtered;
    window.total = total;
    return window;
  }

  @Override
  public TypeSerializerSnapshot<WindowSketch> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Nothing to remember: the bytes carry their version. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<WindowSketch> {
    public Snapshot() {
      super(WindowSketchSerializer::new);
    }
  }
}
