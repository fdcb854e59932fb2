package dev.atalaya.job.window;

import dev.atalaya.job.detect.RuleVersion;
import dev.atalaya.job.detect.RuleVersionSerializer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;

/**
 * Which version of its rules judges which window of a slice, in keyed state. Windows are judged by
 * their start alone, so all slices say the same whenever they close one.
 */
final class RuleVersions {

  /** By number; those that can judge no window any more are dropped. */
  private final ListState<RuleVersion> versions;

  RuleVersions(RuntimeContext context) {
    versions =
        context.getListState(
            new ListStateDescriptor<>("rule-versions", RuleVersionSerializer.TYPE));
  }

  /** The version that judges a window, or null when the job's own configuration does. */
  RuleVersion of(long startMillis) throws Exception {
    RuleVersion last = null;
    for (RuleVersion version : versions.get()) {
      if (version.fromMillis() <= startMillis) {
        last = version;
      }
    }
    return last;
  }

  /**
   * Adds a version.
   *
   * @param leastStart before which no window starts that is still to be judged
   */
  void add(RuleVersion version, long leastStart) throws Exception {
    List<RuleVersion> all = new ArrayList<>();
    for (RuleVersion known : versions.get()) {
      if (known.number() != version.number()) {
        all.add(known);
      }
    }
    all.add(version);
    all.sort(Comparator.comparingInt(RuleVersion::number));
    while (all.size() > 1 && all.get(1).fromMillis() <= leastStart) {
      all.remove(0);
    }
    versions.update(all);
  }

  void clear() {
    versions.clear();
  }
}
