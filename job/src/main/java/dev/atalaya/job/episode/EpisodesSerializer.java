package dev.atalaya.job.episode;

import dev.atalaya.connectors.SerializerTypeInfo;
import dev.atalaya.connectors.ValueSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Version byte, then key by key in the order of the keys. */
public final class EpisodesSerializer extends ValueSerializer<Episodes> {

  public static final TypeInformation<Episodes> TYPE =
      new SerializerTypeInfo<>(Episodes.class, new EpisodesSerializer());

  private static final int VERSION = 1;

  @Override
  public Episodes copy(Episodes from) {
    return from.copy();
  }

  @Override
  public void serialize(Episodes episodes, DataOutputView target) throws IOException {
    target.writeByte(VERSION);
    episodes.write(target);
  }

  @Override
  public Episodes deserialize(DataInputView source) throws IOException {
    checkVersion(source.readByte(), VERSION);
    return Episodes.read(source);
  }

  @Override
  public TypeSerializerSnapshot<Episodes> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Nothing to remember: the bytes carry their version. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<Episodes> {
    public Snapshot() {
      super(EpisodesSerializer::new);
    }
  }
}
