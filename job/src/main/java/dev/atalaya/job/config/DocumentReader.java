package dev.atalaya.job.config;

import dev.atalaya.connectors.search.SearchSetup;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code ecs} and {@code labels}: what documents say besides the finding. */
final class DocumentReader {

  private static final Pattern ECS_FIELD = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z0-9_]+)+");
  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,63}");

  /** Written by Atalaya itself. */
  private static final Set<String> OWN_ROOTS =
      Set.of("atalaya", "event", "rule", "observer", "labels", "tags", "related", "message", "ecs");

  private DocumentReader() {}

  static Map<String, String> ecsFields(Section root, List<DetectorConfig> detectors) {
    Map<String, String> fields = root.textMap("ecs");
    Section section = root.section("ecs");
    Set<String> targets = new HashSet<>();
    for (Map.Entry<String, String> field : fields.entrySet()) {
      String target = field.getValue();
      if (!ECS_FIELD.matcher(target).matches()) {
        section.problem(field.getKey(), "is no ECS field such as source.ip");
      } else if (OWN_ROOTS.contains(target.substring(0, target.indexOf('.')))) {
        section.problem(field.getKey(), target + " is written by Atalaya itself; choose another");
      } else if (!targets.add(target)) {
        section.problem(field.getKey(), target + " is taken by another field; choose another");
      } else {
        requireFit(section, field.getKey(), target, targets);
      }
      if (detectors.stream().noneMatch(detector -> detector.key().contains(field.getKey()))) {
        section.warning(field.getKey(), "is in no detector's key, so it is never written");
      }
    }
    return Collections.unmodifiableMap(fields);
  }

  /** In a document a name has a value or other names under it, not both. */
  private static void requireFit(Section section, String key, String target, Set<String> targets) {
    try {
      SearchSetup.requireFields(targets);
    } catch (IllegalArgumentException e) {
      section.problem(key, e.getMessage() + "; choose another");
      targets.remove(target);
    }
  }

  static Map<String, String> labels(Section root) {
    Map<String, String> labels = root.textMap("labels");
    for (String name : labels.keySet()) {
      if (!LABEL.matcher(name).matches()) {
        root.section("labels").problem(name, "is no label: use letters, digits, '_' and '-'");
      }
    }
    return Collections.unmodifiableMap(labels);
  }
}
