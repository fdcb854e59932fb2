package dev.atalaya.connectors;

import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Writes some documents, and returns only when all are written or the job may not go on. */
public final class BoundedWrite {

  private BoundedWrite() {}

  public static void to(Sink<Document> sink, Document... documents) throws Exception {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(Restarting.configuration());
    env.setParallelism(1);
    env.fromData(DocumentSerializer.TYPE, documents).uid("documents").sinkTo(sink).uid("sink");
    env.execute();
  }
}
