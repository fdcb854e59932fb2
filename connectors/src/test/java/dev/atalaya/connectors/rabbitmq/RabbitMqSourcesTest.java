package dev.atalaya.connectors.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atalaya.connectors.LineDecoder;
import dev.atalaya.connectors.Secret;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.MessageId;
import dev.atalaya.fixtures.FreePort;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class RabbitMqSourcesTest {

  @Test
  void hasOneReaderForEachQueueUnderANameOfItsOwnForEver() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(4);
    DataStream<String> read = read(env, 10, "flows", "logs", "flows");
    assertThat(read.getTransformation().getTransitivePredecessors())
        .filteredOn(step -> step.getInputs().isEmpty())
        .extracting(step -> step.getUid() + " " + step.getParallelism())
        .containsExactlyInAnyOrder("read-rabbitmq-2e9ecdb7 1", "read-rabbitmq-98f38f12 1");
  }

  @Test
  void refusesAPrefetchThatAmqpDoesNotHave() {
    for (int prefetch : new int[] {-1, 0, 65_536}) {
      assertThatThrownBy(() -> read(env(), prefetch, "q"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("prefetch must be 1 to 65535, got " + prefetch);
    }
  }

  @Test
  void refusesToReadNothing() {
    assertThatThrownBy(() -> read(env(), 10)).hasMessage("queues must name at least one");
  }

  @Test
  void canBeSentToTheCluster() throws Exception {
    InstantiationUtil.serializeObject(
        new RabbitMqSource<>(settings(10, "localhost:1", "q"), "q", new LineDecoder()));
  }

  @Test
  void saysThatNobodyAnswers() {
    String nobody = "localhost:" + FreePort.pick();
    assertThatThrownBy(() -> RabbitMqSources.check(settings(10, nobody, "q")))
        .isInstanceOf(IOException.class)
        .hasMessage("RabbitMQ at " + nobody + ": ConnectException: Connection refused");
    assertThatThrownBy(() -> RabbitMqSources.check(settings(10, "absent.invalid:5672", "q")))
        .hasMessage("RabbitMQ at absent.invalid:5672: the host is not known (servers)");
  }

  private static StreamExecutionEnvironment env() {
    return StreamExecutionEnvironment.getExecutionEnvironment();
  }

  private static DataStream<String> read(
      StreamExecutionEnvironment env, int prefetch, String... queues) {
    return RabbitMqSources.read(
        env,
        settings(prefetch, "localhost:5672", queues),
        new LineDecoder(),
        WatermarkStrategy.noWatermarks());
  }

  private static RabbitMqSettings settings(int prefetch, String server, String... queues) {
    return new RabbitMqSettings(
        List.of(server),
        "/",
        "u",
        new Secret("p"),
        List.of(queues),
        null,
        Collections.emptyList(),
        MessageId.NONE,
        prefetch,
        10_000,
        null);
  }
}
