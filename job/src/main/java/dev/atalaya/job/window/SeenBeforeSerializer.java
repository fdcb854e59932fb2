package dev.atalaya.job.window;

import dev.atalaya.connectors.SerializerTypeInfo;
import dev.atalaya.connectors.VersionedSerializer;
import dev.atalaya.sketch.SeenKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Version byte, times and count, then the length and bytes of the keys. */
public final class SeenBeforeSerializer extends VersionedSerializer<SeenBefore> {

  static final TypeInformation<SeenBefore> TYPE =
      new SerializerTypeInfo<>(SeenBefore.class, new SeenBeforeSerializer());

  @Override
  public SeenBefore copy(SeenBefore from) {
    return from.copy();
  }

  @Override
  protected void write(SeenBefore seen, DataOutputView target) throws IOException {
    target.writeLong(seen.youngerMillis);
    target.writeLong(seen.count);
    target.writeLong(seen.rememberMillis);
    target.writeLong(seen.lastMillis);
    target.writeLong(seen.incompleteMillis);
    ByteBuffer bytes =
        ByteBuffer.allocate(seen.keys.maxSerializedBytes()).order(ByteOrder.LITTLE_ENDIAN);
    seen.keys.write(bytes);
    target.writeInt(bytes.position());
    target.write(bytes.array(), 0, bytes.position());
  }

  @Override
  protected SeenBefore read(DataInputView source) throws IOException {
    long youngerMillis = source.readLong();
    long count = source.readLong();
    long rememberMillis = source.readLong();
    long lastMillis = source.readLong();
    long incompleteMillis = source.readLong();
    byte[] bytes = new byte[source.readInt()];
    source.readFully(bytes);
    SeenBefore seen =
        new SeenBefore(SeenKeys.read(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)));
    seen.youngerMillis = youngerMillis;
    seen.count = count;
    seen.rememberMillis = rememberMillis;
    seen.lastMillis = lastMillis;
    seen.incompleteMillis = incompleteMillis;
    return seen;
  }

  @Override
  public TypeSerializerSnapshot<SeenBefore> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Nothing to remember: the bytes carry their version. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<SeenBefore> {
    public Snapshot() {
      super(SeenBeforeSerializer::new);
    }
  }
}
