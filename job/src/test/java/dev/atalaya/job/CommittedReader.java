package dev.atalaya.job;

import static org.awaitility.Awaitility.await;

import dev.atalaya.fixtures.KafkaBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads topics as somebody downstream would: committed records only, from the beginning, all the
 * time, through every failure of the broker.
 */
final class CommittedReader implements AutoCloseable {

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<String> values = Collections.synchronizedList(new ArrayList<>());
  private final List<TopicPartition> partitions;
  private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
  private final Thread thread = new Thread(this::read, "committed-reader");
  private volatile boolean closed;
  private volatile RuntimeException failure;

  CommittedReader(KafkaBroker broker, List<TopicPartition> partitions) {
    this.partitions = partitions;
    consumer = broker.newConsumer();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    thread.start();
  }

  private void read() {
    try {
      while (!closed) {
        consumer
            .poll(Duration.ofMillis(100))
            .forEach(record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
        for (TopicPartition partition : partitions) {
          positions.put(partition, consumer.position(partition));
        }
      }
    } catch (RuntimeException e) {
      failure = e;
    } finally {
      consumer.close(Duration.ZERO);
    }
  }

  /** All values, once it has come to the end of what was ever written, committed or not. */
  List<String> awaitEnd(KafkaBroker broker, Duration patience) {
    Map<TopicPartition, Long> ends = broker.endOffsets(partitions);
    await("everything read")
        .atMost(patience)
        .until(
            () -> {
              if (failure != null) {
                throw failure;
              }
              return ends.entrySet().stream()
                  .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
            });
    return List.copyOf(values);
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
