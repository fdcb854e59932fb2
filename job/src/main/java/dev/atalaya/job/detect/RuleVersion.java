package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig;
import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * One version of a detector's rules: it judges the windows that start at an instant or behind it,
 * up to where the next version begins. Version 1 is what the job's configuration says and is
 * nowhere sent or stored.
 *
 * @param number 2 or more; ascending with {@code fromMillis}
 * @param fromMillis the first start of a window that it judges
 * @param configHash of the whole configuration with these rules in it
 * @param detector has the state id of the detector it judges for
 */
@TypeInfo(RuleVersion.Factory.class)
public record RuleVersion(int number, long fromMillis, String configHash, DetectorConfig detector) {

  /** How Flink learns of the serializer. */
  public static final class Factory extends TypeInfoFactory<RuleVersion> {
    @Override
    public TypeInformation<RuleVersion> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return RuleVersionSerializer.TYPE;
    }
  }
}
