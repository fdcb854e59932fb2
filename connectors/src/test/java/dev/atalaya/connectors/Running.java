package dev.atalaya.connectors;

import static org.apache.flink.runtime.checkpoint.CheckpointFailureReason.NOT_ALL_REQUIRED_TASKS_RUNNING;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointException;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.ExceptionUtils;

/** A job without end in this JVM that notes what its source gives. */
public record Running(JobClient client, String name) implements AutoCloseable {

  private static final Map<String, List<String>> SEEN = new ConcurrentHashMap<>();

  /** A cluster in this JVM that a test's environments run on. */
  public static MiniClusterExtension cluster() {
    return new MiniClusterExtension(
        new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());
  }

  public static Running start(StreamExecutionEnvironment env, Source<String, ?, ?> source)
      throws Exception {
    return start(
        env, env.fromSource(source, WatermarkStrategy.noWatermarks(), "source").uid("source"));
  }

  public static Running start(StreamExecutionEnvironment env, DataStream<String> records)
      throws Exception {
    String name = UUID.randomUUID().toString();
    records
        .map(new Note(name))
        .uid("note")
        .setParallelism(1)
        .sinkTo(new DiscardingSink<>())
        .uid("discard");
    return new Running(env.executeAsync(), name);
  }

  /** What has come so far, also after the end; after a failure, what was in the checkpoint. */
  public List<String> seen() {
    List<String> seen = SEEN.getOrDefault(name, Collections.synchronizedList(new ArrayList<>()));
    synchronized (seen) {
      return List.copyOf(seen);
    }
  }

  /** Stops with a savepoint and returns its path. */
  public String stop(Path folder) {
    return stop(client, folder);
  }

  /** Stops with a savepoint, as soon as all tasks run, and returns its path. */
  public static String stop(JobClient client, Path folder) {
    return await("savepoint")
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsMatching(Running::isTooEarly)
        .until(
            () ->
                client
                    .stopWithSavepoint(
                        false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
                    .get(60, TimeUnit.SECONDS),
            Objects::nonNull);
  }

  private static boolean isTooEarly(Throwable failure) {
    return ExceptionUtils.findThrowable(failure, CheckpointException.class)
        .filter(e -> e.getCheckpointFailureReason() == NOT_ALL_REQUIRED_TASKS_RUNNING)
        .isPresent();
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

  /** Notes in state, so that what a failure undoes is undone here too. */
  private static final class Note extends RichMapFunction<String, String>
      implements CheckpointedFunction {

    private final String name;
    private transient ListState<String> state;
    private transient List<String> seen;

    Note(String name) {
      this.name = name;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
      state =
          context
              .getOperatorStateStore()
              .getListState(new ListStateDescriptor<>("seen", Types.STRING));
      seen = Collections.synchronizedList(new ArrayList<>());
      // A new job from a savepoint begins with an empty list, a restarted one goes on with its own.
      if (SEEN.containsKey(name)) {
        state.get().forEach(seen::add);
      }
      SEEN.put(name, seen);
    }

    @Override
    public String map(String record) {
      seen.add(record);
      return record;
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
      state.update(seen);
    }
  }
}
