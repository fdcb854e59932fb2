package dev.atalaya.connectors.kafka;

import dev.atalaya.connectors.Document;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaSinkBuilder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The Kafka sink: a topic for each kind of document, the JSON as value, the document's key as key,
 * its event time as the record's.
 *
 * <p>With a transaction prefix exactly once, for readers with {@code
 * isolation.level=read_committed}: documents become visible with the checkpoint that covers them.
 * Transactions that a failure left open are aborted when the job goes on. Without a prefix at least
 * once: what follows a checkpoint is written again after a failure, under the same ids.
 */
public final class KafkaSinks {

  /** Of a broker that nobody has set otherwise: {@code transaction.max.timeout.ms}. */
  public static final long DEFAULT_MAX_TRANSACTION_MILLIS = 15 * 60_000;

  private static final String MAX_TRANSACTION = "transaction.max.timeout.ms";

  private KafkaSinks() {}

  /**
   * Nothing is connected here. A writer that starts asks for the topics, as {@link #check} does:
   * what the brokers refuse ends the job.
   *
   * @throws IllegalArgumentException when a setting cannot be meant as it stands
   */
  public static Sink<Document> create(KafkaSinkSettings settings) {
    KafkaSinkBuilder<Document> sink =
        KafkaSink.<Document>builder()
            .setKafkaProducerConfig(ClientProperties.producer(settings))
            .setRecordSerializer(new DocumentRecords(settings));
    if (settings.transactionPrefix() == null) {
      sink.setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE);
    } else {
      sink.setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
          .setTransactionalIdPrefix(settings.transactionPrefix());
    }
    return new GuardedSink<>(sink.build(), settings);
  }

  /**
   * A client that reads what such a sink has written and committed, without a group. It is
   * connected when it is first used, and belongs to one thread.
   *
   * @throws RuntimeException as {@link #explained}
   */
  public static Consumer<byte[], byte[]> newReader(KafkaSinkSettings settings) {
    try {
      return new KafkaConsumer<>(
          ClientProperties.reader(settings),
          new ByteArrayDeserializer(),
          new ByteArrayDeserializer());
    } catch (KafkaException e) {
      throw explained(e, settings);
    }
  }

  /**
   * A failure of a client with these settings, in one sentence that names the brokers and the
   * setting to look at.
   */
  public static RuntimeException explained(KafkaException failure, KafkaSinkSettings settings) {
    return KafkaFailures.explained(failure, settings.servers(), "topics " + topics(settings));
  }

  private static List<String> topics(KafkaSinkSettings settings) {
    return Stream.of(settings.alerts(), settings.reports(), settings.deadLetters())
        .distinct()
        .toList();
  }

  /**
   * Asks the brokers for the topics, and waits up to 20 s for their answer.
   *
   * @throws dev.atalaya.connectors.BrokerRefusedException when they refuse
   * @throws org.apache.flink.util.FlinkRuntimeException when they do not answer
   */
  public static void check(KafkaSinkSettings settings) {
    List<String> topics = topics(settings);
    ask(settings, "topics " + topics, admin -> admin.describeTopics(topics).allTopicNames().get());
  }

  /**
   * Asks the brokers for the longest {@code transaction-timeout} they allow, and takes the default
   * when the user may not know.
   *
   * @throws dev.atalaya.connectors.BrokerRefusedException when they refuse the connection
   * @throws org.apache.flink.util.FlinkRuntimeException when they do not answer within 20 s
   */
  public static long maxTransactionMillis(KafkaSinkSettings settings) {
    return ask(
        settings,
        MAX_TRANSACTION,
        admin -> {
          Node node = admin.describeCluster().nodes().get().iterator().next();
          ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, node.idString());
          try {
            Config config = admin.describeConfigs(List.of(broker)).all().get().get(broker);
            ConfigEntry entry = config.get(MAX_TRANSACTION);
            return entry == null ? DEFAULT_MAX_TRANSACTION_MILLIS : Long.parseLong(entry.value());
          } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
              return DEFAULT_MAX_TRANSACTION_MILLIS;
            }
            throw e;
          }
        });
  }

  private static <T> T ask(KafkaSinkSettings settings, String wanted, Question<T> question) {
    try (Admin admin = Admin.create(ClientProperties.admin(settings))) {
      return question.ask(admin);
    } catch (ExecutionException e) {
      throw KafkaFailures.explained(e.getCause(), settings.servers(), wanted);
    } catch (KafkaException e) { // a client that cannot be made, for want of a file
      throw KafkaFailures.explained(e, settings.servers(), wanted);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private interface Question<T> {
    T ask(Admin admin) throws ExecutionException, InterruptedException;
  }

  /** The client properties that the connector sets itself and refuses from users, sorted. */
  public static Set<String> reservedProperties() {
    return new TreeSet<>(ClientProperties.PRODUCER_RESERVED.keySet());
  }
}
