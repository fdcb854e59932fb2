package dev.atalaya.bench.job;

/** Who writes alerts into a store. */
enum SearchVariant {
  LOOP_1("plain loop", false, 1),
  SINK_1("sink, 1 subtask", true, 1),
  LOOP_2("2 plain loops", false, 2),
  SINK_2("sink, 2 subtasks", true, 2);

  final String label;
  final boolean isSink;
  final int writers;

  SearchVariant(String label, boolean isSink, int writers) {
    this.label = label;
    this.isSink = isSink;
    this.writers = writers;
  }

  /** The ceiling: as many loops without Flink and without checks. */
  SearchVariant loop() {
    return writers == 1 ? LOOP_1 : LOOP_2;
  }
}
