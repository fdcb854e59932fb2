package dev.atalaya.connectors.kafka;

import dev.atalaya.connectors.Decoder;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/** Runs a source that ends, and gives what it gave. */
final class BoundedRead {

  private BoundedRead() {}

  @SuppressWarnings("try") // close() may throw InterruptedException, which javac minds
  static List<String> of(KafkaSettings settings, Decoder<String> decoder) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(1);
    List<String> all = new ArrayList<>();
    try (CloseableIterator<String> read =
        env.fromSource(
                KafkaSources.create(settings, decoder), WatermarkStrategy.noWatermarks(), "kafka")
            .uid("kafka")
            .executeAndCollect()) {
      read.forEachRemaining(all::add);
    }
    return all;
  }
}
