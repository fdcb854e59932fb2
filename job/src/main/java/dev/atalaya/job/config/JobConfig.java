package dev.atalaya.job.config;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * A whole configuration, checked: whoever holds one need not test it again.
 *
 * @param name of the job, in Flink's user interface and in the documents' labels
 * @param ecsFields for each field of the input, the ECS field it is also written to in alerts
 * @param labels added to every document
 * @param rules how the detectors may change while the job runs, or null when they do not
 */
public record JobConfig(
    String name,
    SourceConfig source,
    FormatConfig format,
    TimeConfig time,
    List<DetectorConfig> detectors,
    List<SinkConfig> sinks,
    RuntimeConfig runtime,
    Map<String, String> ecsFields,
    Map<String, String> labels,
    RulesConfig rules)
    implements Serializable {

  /** The same with other detectors. */
  public JobConfig with(List<DetectorConfig> others) {
    return new JobConfig(
        name, source, format, time, others, sinks, runtime, ecsFields, labels, rules);
  }
}
