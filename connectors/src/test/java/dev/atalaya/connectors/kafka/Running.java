package dev.atalaya.connectors.kafka;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** A job without end in this JVM that notes what its source gives. */
record Running(JobClient client, String name) implements AutoCloseable {

  private static final Map<String, List<String>> SEEN = new ConcurrentHashMap<>();

  static Running start(StreamExecutionEnvironment env, Source<String, ?, ?> source)
      throws Exception {
    String name = UUID.randomUUID().toString();
    SEEN.put(name, new CopyOnWriteArrayList<>());
    env.fromSource(source, WatermarkStrategy.noWatermarks(), "source")
        .uid("source")
        .map(
            line -> {
              SEEN.get(name).add(line);
              return line;
            })
        .uid("note")
        .sinkTo(new DiscardingSink<>())
        .uid("discard");
    return new Running(env.executeAsync(), name);
  }

  /** What has come so far, also after the end. */
  List<String> seen() {
    return SEEN.get(name);
  }

  /** Stops with a savepoint and returns its path. */
  String stop(Path folder) throws Exception {
    return client
        .stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
        .get(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    try {
      if (!client.getJobStatus().get().isGloballyTerminalState()) {
        client.cancel().get(60, TimeUnit.SECONDS);
      }
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the job may still run", e);
    }
  }
}
