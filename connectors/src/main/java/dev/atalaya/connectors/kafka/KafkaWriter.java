package dev.atalaya.connectors.kafka;

import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.MessageWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes to a topic with an idempotent producer: what the client itself sends again is stored once.
 * A message's id travels in the header {@value #ID_HEADER}, and is the record's key: records spread
 * over the partitions, and what is written again meets itself in the same one.
 */
public final class KafkaWriter extends MessageWriter {

  public static final String ID_HEADER = "message-id";

  /** Silence is told about soon: somebody waits and watches. */
  private static final String ANSWER_MILLIS = "5000";

  private static final long RETRY_MILLIS = 1_000;

  private final String topic;
  private final String servers;
  private final KafkaProducer<byte[], byte[]> producer;

  private KafkaWriter(KafkaSettings settings, String topic, Watcher watcher) {
    super(watcher);
    this.topic = topic;
    this.servers = settings.servers();
    producer =
        new KafkaProducer<>(
            ClientProperties.writer(settings),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /**
   * Connects, and waits for the brokers if they are away.
   *
   * @throws BrokerRefusedException when there is no such topic, or the brokers refuse the user
   */
  public static KafkaWriter open(KafkaSettings settings, String topic, Watcher watcher)
      throws InterruptedException {
    awaitTopic(settings, topic, watcher);
    return new KafkaWriter(settings, topic, watcher);
  }

  /** The client properties that a writer sets itself and refuses from users, sorted. */
  public static Set<String> reservedProperties() {
    Set<String> reserved = new TreeSet<>(ClientProperties.WRITER_RESERVED.keySet());
    // What is passed on was looked at as a reader's first.
    reserved.addAll(ClientProperties.CONSUMER_RESERVED.keySet());
    return reserved;
  }

  /** The producer itself cannot tell an absent topic from an absent broker. */
  private static void awaitTopic(KafkaSettings settings, String topic, Watcher watcher)
      throws InterruptedException {
    boolean away = false;
    Properties client = ClientProperties.admin(settings);
    client.setProperty(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
    client.setProperty(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
    try (Admin admin = Admin.create(client)) {
      while (true) {
        try {
          admin.describeTopics(List.of(topic)).allTopicNames().get();
          break;
        } catch (ExecutionException e) {
          RuntimeException explained =
              KafkaFailures.explained(e.getCause(), settings.servers(), topic);
          if (explained instanceof BrokerRefusedException) {
            throw explained;
          }
          away = true;
          watcher.away(explained.getMessage());
          TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        }
      }
    }
    if (away) {
      watcher.back();
    }
  }

  @Override
  protected void send(String id, byte[] body, Fate fate) throws InterruptedException {
    byte[] idBytes = id.getBytes(StandardCharsets.UTF_8);
    ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(topic, idBytes, body);
    message.headers().add(ID_HEADER, idBytes);
    while (!isTaken(id, message, fate)) {
      tellAway(silence());
      throwIfFailedOrStopped();
    }
    tellBack();
  }

  /** Not when the client's buffer is full, or it does not know where to send, for some seconds. */
  private boolean isTaken(String id, ProducerRecord<byte[], byte[]> message, Fate fate) {
    AtomicBoolean taken = new AtomicBoolean(true);
    try {
      // The callback hears of everything that the future would say.
      var unused =
          producer.send(
              message,
              (stored, refusal) -> {
                if (refusal == null) {
                  confirm(fate);
                } else if (refusal instanceof TimeoutException) {
                  // Before send returns: what it has taken has no time limit.
                  taken.set(false);
                } else if (refusal instanceof RecordTooLargeException) {
                  refuse(fate, refused(id, refusal));
                } else {
                  fail(refused(id, refusal));
                }
              });
    } catch (KafkaException e) {
      throw refused(id, e);
    }
    return taken.get();
  }

  private BrokerRefusedException refused(String id, Exception refusal) {
    return new BrokerRefusedException(
        String.format(
            "Kafka at %s does not take message %s into %s: %s",
            servers, id, topic, refusal.getMessage()),
        refusal);
  }

  @Override
  protected String silence() {
    return "Kafka at " + servers + " does not confirm";
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
