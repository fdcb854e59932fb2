package dev.atalaya.connectors.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.atalaya.connectors.Decoder;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The RabbitMQ source: one reader for each queue, in a task of its own, with its own watermarks.
 *
 * <p>At least once; exactly once when messages carry an id ({@link RabbitMqSettings.MessageId}).
 * Messages are acknowledged with checkpoints, so a queue gives at most a prefetch of messages
 * between two.
 */
public final class RabbitMqSources {

  /** AMQP has 16 bits for it, and takes 0 for no limit. */
  public static final int MAX_PREFETCH = 65_535;

  /** Where the MQTT plugin publishes what clients send, {@code /} in a topic as {@code .}. */
  public static final String MQTT_EXCHANGE = "amq.topic";

  private RabbitMqSources() {}

  /**
   * Adds the readers to a job, and unites what they give. The records have no order across queues.
   *
   * <p>Nothing is connected here. The readers wait up to five minutes for a server that does not
   * answer, and end the job for good when it answers with something that waiting cannot heal.
   *
   * @throws IllegalArgumentException when a setting cannot be meant as it stands
   */
  public static <T> DataStream<T> read(
      StreamExecutionEnvironment env,
      RabbitMqSettings settings,
      Decoder<T> decoder,
      WatermarkStrategy<T> watermarks) {
    check(settings.prefetch());
    List<DataStream<T>> readers =
        settings.queues().stream()
            .distinct()
            .map(queue -> read(env, settings, queue, decoder, watermarks))
            .toList();
    if (readers.isEmpty()) {
      throw new IllegalArgumentException("queues must name at least one");
    }
    DataStream<T> united = readers.get(0);
    for (DataStream<T> reader : readers.subList(1, readers.size())) {
      united = united.union(reader);
    }
    return united;
  }

  @SuppressWarnings("deprecation") // the way in for what the connector is built on
  private static <T> DataStream<T> read(
      StreamExecutionEnvironment env,
      RabbitMqSettings settings,
      String queue,
      Decoder<T> decoder,
      WatermarkStrategy<T> watermarks) {
    String digest = digest(queue);
    return env.addSource(new RabbitMqSource<>(settings, queue, decoder))
        .uid("read-rabbitmq-" + digest)
        .name("read rabbitmq " + queue)
        .assignTimestampsAndWatermarks(watermarks)
        .uid("watermarks-rabbitmq-" + digest)
        .name("watermarks " + queue);
  }

  /**
   * Connects, and looks for the virtual host, the queues and the exchanges, without changing
   * anything. Takes 30 s at most.
   *
   * @throws dev.atalaya.connectors.BrokerRefusedException when a server refuses; the message names
   *     the setting
   * @throws IOException when no server answers
   */
  public static void check(RabbitMqSettings settings) throws IOException {
    new QueueConnector(settings).check();
  }

  private static void check(int prefetch) {
    if (prefetch < 1 || prefetch > MAX_PREFETCH) {
      throw new IllegalArgumentException(
          "prefetch must be 1 to " + MAX_PREFETCH + ", got " + prefetch);
    }
  }

  /** A queue's name may be longer and stranger than an operator's id. */
  private static String digest(String queue) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(queue.getBytes(UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(digest, 4));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
