package dev.atalaya.connectors.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Asks the brokers which offsets of a partition there are. */
final class BrokerOffsets {

  private final Properties client;
  private final String servers;

  /**
   * @param client may hold a password
   */
  BrokerOffsets(Properties client, String servers) {
    this.client = client;
    this.servers = servers;
  }

  /**
   * @param earliest offset there is
   * @param next offset that a new record will get
   */
  record Range(long earliest, long next) {

    /** Whether reading can go on at this position. */
    boolean holds(long position) {
      return position >= earliest && position <= next;
    }
  }

  Map<TopicPartition, Range> ranges(Collection<TopicPartition> partitions) {
    try (Admin admin = Admin.create(client)) {
      ListOffsetsResult earliest = ask(admin, partitions, OffsetSpec.earliest());
      ListOffsetsResult next = ask(admin, partitions, OffsetSpec.latest());
      Map<TopicPartition, Range> ranges = new HashMap<>();
      for (TopicPartition partition : partitions) {
        ranges.put(
            partition,
            new Range(
                earliest.partitionResult(partition).get().offset(),
                next.partitionResult(partition).get().offset()));
      }
      return ranges;
    } catch (ExecutionException e) {
      throw KafkaFailures.explained(
          e.getCause(),
          servers,
          "topics " + partitions.stream().map(TopicPartition::topic).distinct().sorted().toList());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FlinkRuntimeException(e);
    }
  }

  private static ListOffsetsResult ask(
      Admin admin, Collection<TopicPartition> partitions, OffsetSpec which) {
    return admin.listOffsets(
        partitions.stream().collect(Collectors.toMap(each -> each, each -> which)));
  }
}
