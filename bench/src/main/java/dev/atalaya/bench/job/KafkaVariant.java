package dev.atalaya.bench.job;

/** What becomes of the messages of a topic. */
enum KafkaVariant {
  DISCARD_1("decode → discard, the field of 1 detector", 1, false),
  DISCARD_4("decode → discard, the fields of 4 detectors", 4, false),
  ATALAYA_1("decode → alerts, 1 detector", 1, true),
  ATALAYA_4("decode → alerts, 4 detectors", 4, true);

  final String label;
  final int detectors;
  final boolean alerts;

  KafkaVariant(String label, int detectors, boolean alerts) {
    this.label = label;
    this.detectors = detectors;
    this.alerts = alerts;
  }
}
