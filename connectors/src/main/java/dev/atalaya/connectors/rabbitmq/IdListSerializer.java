package dev.atalaya.connectors.rabbitmq;

import dev.atalaya.connectors.VersionedSerializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The bytes of a list of message ids: the version as one byte, the number of ids as a big-endian
 * int, and each id as {@link DataOutputView#writeUTF} writes it (AMQP allows an id 255 bytes).
 */
final class IdListSerializer extends VersionedSerializer<List<String>> {

  static final IdListSerializer INSTANCE = new IdListSerializer();

  /** What is allocated before the ids themselves have been read. */
  private static final int MAX_TRUSTED_COUNT = 100_000;

  @Override
  protected void write(List<String> ids, DataOutputView target) throws IOException {
    target.writeInt(ids.size());
    for (String id : ids) {
      target.writeUTF(id);
    }
  }

  @Override
  protected List<String> read(DataInputView source) throws IOException {
    int count = source.readInt();
    if (count < 0) {
      throw new IOException("number of ids must be >= 0, got " + count);
    }
    List<String> ids = new ArrayList<>(Math.min(count, MAX_TRUSTED_COUNT));
    for (int i = 0; i < count; i++) {
      ids.add(source.readUTF());
    }
    return ids;
  }

  /** Nobody changes a list that is in state. */
  @Override
  public List<String> copy(List<String> from) {
    return from;
  }

  @Override
  public TypeSerializerSnapshot<List<String>> snapshotConfiguration() {
    return new Snapshot();
  }

  /** The layout above has no settings. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<List<String>> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
