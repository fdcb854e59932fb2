package dev.atalaya.job.config;

import dev.atalaya.connectors.kafka.KafkaSettings;
import dev.atalaya.job.config.DetectorConfig.Allow;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * How the detectors may change while the job runs: by a file, by a topic, or only by the files that
 * their lists of keys name.
 *
 * @param file a path or URI that holds the rules, or null
 * @param checkMillis how often files are looked at
 * @param kafka a topic whose last record holds the rules, or null
 * @param reader of rules for this job
 */
public record RulesConfig(
    String file, long checkMillis, KafkaSettings kafka, RulesDocumentReader reader)
    implements Serializable {

  /**
   * The files, as absolute URIs, whose lines are values of keys. Those of other fields are missing:
   * their values decide what is added up, and so cannot change while the job runs.
   */
  public static Set<String> listsOfKeys(List<DetectorConfig> detectors) {
    Set<String> files = new TreeSet<>();
    for (DetectorConfig detector : detectors) {
      Stream<Allow> ofGroups =
          detector.overrides().stream().flatMap(group -> group.where().stream());
      Stream.concat(detector.allow().stream(), ofGroups)
          .filter(list -> detector.key().contains(list.field()))
          .flatMap(list -> list.files().stream())
          .map(LocalPath::absolute)
          .forEach(files::add);
    }
    return files;
  }
}
