package dev.atalaya.connectors.kafka;

import dev.atalaya.connectors.Document;
import dev.atalaya.connectors.DocumentSerializer;
import dev.atalaya.connectors.Restarting;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Writes some documents, and returns only when all are written or the job may not go on. */
final class BoundedWrite {

  private BoundedWrite() {}

  static void of(KafkaSinkSettings settings, Document... documents) throws Exception {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(Restarting.configuration());
    env.setParallelism(1);
    env.fromData(DocumentSerializer.TYPE, documents)
        .uid("documents")
        .sinkTo(KafkaSinks.create(settings))
        .uid("sink");
    env.execute();
  }
}
