package dev.atalaya.job.episode;

import dev.atalaya.connectors.SerializerTypeInfo;
import dev.atalaya.connectors.VersionedSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Version byte, then key by key in the order of the keys. */
public final class EpisodesSerializer extends VersionedSerializer<Episodes> {

  public static final TypeInformation<Episodes> TYPE =
      new SerializerTypeInfo<>(Episodes.class, new EpisodesSerializer());

  @Override
  public Episodes copy(Episodes from) {
    return from.copy();
  }

  @Override
  protected void write(Episodes episodes, DataOutputView target) throws IOException {
    episodes.write(target);
  }

  @Override
  protected Episodes read(DataInputView source) throws IOException {
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
