package dev.atalaya.bench.job;

import dev.atalaya.job.config.JobConfig;
import java.util.List;

/** What becomes of the messages of a topic. */
enum KafkaVariant {
  DISCARD_1("decode → discard, the field of 1 detector", 1, false),
  DISCARD_4("decode → discard, the fields of 4 detectors", 4, false),
  ATALAYA_1("decode → alerts, 1 detector", 1, true),
  ATALAYA_4("decode → alerts, 4 detectors", 4, true),
  HITTERS_CHANGERS("JSON from Kafka: hitters and changers", 1, true) {
    @Override
    JobConfig config(String sourceAndSinks) {
      return Questions.config(KindVariant.HITTERS_CHANGERS.detector() + sourceAndSinks);
    }
  },
  ALL_KINDS("JSON from Kafka: all of these", 1, true) {
    @Override
    JobConfig config(String sourceAndSinks) {
      return Questions.config(KindVariant.ALL.detector() + sourceAndSinks);
    }
  };

  /** How much more detectors cost. */
  static final List<KafkaVariant> OF_DETECTORS =
      List.of(DISCARD_1, DISCARD_4, ATALAYA_1, ATALAYA_4);

  /** How much more kinds of findings cost. */
  static final List<KafkaVariant> OF_KINDS = List.of(HITTERS_CHANGERS, ALL_KINDS);

  final String label;
  final int detectors;
  final boolean alerts;

  KafkaVariant(String label, int detectors, boolean alerts) {
    this.label = label;
    this.detectors = detectors;
    this.alerts = alerts;
  }

  JobConfig config(String sourceAndSinks) {
    return Questions.config(detectors, "1mb", sourceAndSinks);
  }
}
