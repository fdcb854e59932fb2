package dev.atalaya.job.detect;

import dev.atalaya.connectors.SerializerTypeInfo;
import dev.atalaya.connectors.VersionedSerializer;
import dev.atalaya.job.config.DetectorConfig;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.util.InstantiationUtil;

/**
 * Version byte, number, from, hash, then the length and bytes of the detector as Java serializes
 * records: by the names of their components, so that a later release may have more of them.
 */
public final class RuleVersionSerializer extends VersionedSerializer<RuleVersion> {

  public static final TypeInformation<RuleVersion> TYPE =
      new SerializerTypeInfo<>(RuleVersion.class, new RuleVersionSerializer());

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public RuleVersion copy(RuleVersion from) {
    return from;
  }

  @Override
  protected void write(RuleVersion rules, DataOutputView target) throws IOException {
    target.writeInt(rules.number());
    target.writeLong(rules.fromMillis());
    target.writeUTF(rules.configHash());
    byte[] detector = InstantiationUtil.serializeObject(rules.detector());
    target.writeInt(detector.length);
    target.write(detector);
  }

  @Override
  protected RuleVersion read(DataInputView source) throws IOException {
    int number = source.readInt();
    long from = source.readLong();
    String configHash = source.readUTF();
    byte[] bytes = new byte[source.readInt()];
    source.readFully(bytes);
    try {
      DetectorConfig detector =
          InstantiationUtil.deserializeObject(bytes, DetectorConfig.class.getClassLoader());
      return new RuleVersion(number, from, configHash, detector);
    } catch (ClassNotFoundException e) {
      throw new IOException("rules of another release: " + e.getMessage(), e);
    }
  }

  @Override
  public TypeSerializerSnapshot<RuleVersion> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Nothing to remember. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<RuleVersion> {
    public Snapshot() {
      super(RuleVersionSerializer::new);
    }
  }
}
