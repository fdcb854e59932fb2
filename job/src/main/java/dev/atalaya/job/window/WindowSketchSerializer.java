package dev.atalaya.job.window;

import dev.atalaya.connectors.SerializerTypeInfo;
import dev.atalaya.connectors.ValueSerializer;
import dev.atalaya.sketch.KeySummaries;
import dev.atalaya.sketch.KeySummary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Version byte, start, events, filtered, total, then the length and bytes of the summary of keys;
 * in version 2 then how many further ones there are (2 bytes), and each likewise. A window without
 * further ones is written as version 1, as ever.
 */
public final class WindowSketchSerializer extends ValueSerializer<WindowSketch> {

  public static final TypeInformation<WindowSketch> TYPE =
      new SerializerTypeInfo<>(WindowSketch.class, new WindowSketchSerializer());

  private static final int KEYS_ALONE = 1;
  private static final int KEYS_AND_MORE = 2;

  @Override
  public WindowSketch copy(WindowSketch from) {
    return from.copy();
  }

  @Override
  public void serialize(WindowSketch window, DataOutputView target) throws IOException {
    target.writeByte(window.more.isEmpty() ? KEYS_ALONE : KEYS_AND_MORE);
    target.writeLong(window.startMillis);
    target.writeLong(window.events);
    target.writeLong(window.filtered);
    target.writeLong(window.total);
    write(window.keys, target);
    if (!window.more.isEmpty()) {
      target.writeShort(window.more.size());
      for (KeySummary summary : window.more) {
        write(summary, target);
      }
    }
  }

  private static void write(KeySummary summary, DataOutputView target) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(summary.maxSerializedBytes()).order(ByteOrder.LITTLE_ENDIAN);
    summary.write(bytes);
    target.writeInt(bytes.position());
    target.write(bytes.array(), 0, bytes.position());
  }

  @Override
  public WindowSketch deserialize(DataInputView source) throws IOException {
    int version = source.readByte();
    if (version != KEYS_ALONE) {
      checkVersion(version, KEYS_AND_MORE);
    }
    long start = source.readLong();
    long events = source.readLong();
    long filtered = source.readLong();
    long total = source.readLong();
    KeySummary keys = read(source);
    List<KeySummary> more = new ArrayList<>();
    for (int left = version == KEYS_ALONE ? 0 : source.readShort(); left > 0; left--) {
      more.add(read(source));
    }
    WindowSketch window = new WindowSketch(start, keys, more);
    window.events = events;
    window.filtered = filtered;
    window.total = total;
    return window;
  }

  private static KeySummary read(DataInputView source) throws IOException {
    byte[] bytes = new byte[source.readInt()];
    source.readFully(bytes);
    return KeySummaries.read(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
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
