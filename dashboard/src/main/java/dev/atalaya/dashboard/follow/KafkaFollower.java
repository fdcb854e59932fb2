package dev.atalaya.dashboard.follow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atalaya.connectors.kafka.KafkaSinkSettings;
import dev.atalaya.connectors.kafka.KafkaSinks;
import dev.atalaya.dashboard.history.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Follows a Kafka sink: what is committed, from as many windows back as the newest reports tell of,
 * or from the beginning where there are none. It belongs to no group and commits nothing.
 */
public final class KafkaFollower extends Polling {

  private static final Duration WAIT = Duration.ofMillis(300);

  /** Also how soon brokers that are away are noticed. */
  private static final long CHECK_MILLIS = 5_000;

  private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(5);

  /** Of the newest reports in a partition, to learn where to begin. */
  private static final int SAMPLE = 10_000;

  private static final Duration SAMPLE_TIMEOUT = Duration.ofSeconds(10);

  private final KafkaSinkSettings settings;
  private final List<String> topics;
  private final int windows;

  private Consumer<byte[], byte[]> consumer;
  private long checkedMillis;

  /** Where to go on, kept when the client is not. */
  private final Map<TopicPartition, Long> positions = new HashMap<>();

  private boolean isBegun;

  /**
   * @param windows how many of each detector are wanted
   */
  public KafkaFollower(History history, KafkaSinkSettings settings, int windows) {
    super(history, "kafka", settings.servers() + ": " + listed(all(settings)), WAIT.toMillis());
    this.settings = settings;
    this.topics = all(settings).stream().distinct().toList();
    this.windows = windows;
  }

  private static List<String> all(KafkaSinkSettings settings) {
    return List.of(settings.alerts(), settings.reports(), settings.deadLetters());
  }

  @Override
  boolean poll() {
    if (consumer == null) {
      KafkaSinks.check(settings);
      consumer = KafkaSinks.newReader(settings);
      checkedMillis = Long.MIN_VALUE;
    }
    try {
      if (System.currentTimeMillis() - CHECK_MILLIS > checkedMillis) {
        assign();
        checkedMillis = System.currentTimeMillis();
      }
      ConsumerRecords<byte[], byte[]> records = consumer.poll(WAIT);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (record.value() == null) {
          countStranger();
        } else {
          add(record.value());
        }
      }
      flush();
      for (TopicPartition partition : records.partitions()) {
        positions.put(partition, consumer.position(partition));
      }
      return true; // the client itself waits
    } catch (KafkaException e) {
      throw KafkaSinks.explained(e, settings);
    }
  }

  /** Takes all partitions there are, new ones from their beginning. */
  private void assign() {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : topics) {
      partitions.addAll(partitions(topic));
    }
    // Partitions may be told from memory; this asks the brokers.
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, CHECK_TIMEOUT);
    if (!isBegun) {
      begin(ends);
      isBegun = true;
    }
    partitions.forEach(partition -> positions.putIfAbsent(partition, 0L));
    if (!consumer.assignment().equals(ends.keySet())) {
      consumer.assign(partitions);
      partitions.forEach(partition -> consumer.seek(partition, positions.get(partition)));
    }
  }

  private List<TopicPartition> partitions(String topic) {
    return consumer.partitionsFor(topic, CHECK_TIMEOUT).stream()
        .map(partition -> new TopicPartition(topic, partition.partition()))
        .toList();
  }

  private void begin(Map<TopicPartition, Long> ends) {
    long fromMillis = newestWindows().beginningMillis();
    if (fromMillis <= 0) {
      return;
    }
    Map<TopicPartition, Long> times = new HashMap<>();
    ends.keySet().forEach(partition -> times.put(partition, fromMillis));
    consumer
        .offsetsForTimes(times, CHECK_TIMEOUT)
        .forEach(
            (partition, found) ->
                positions.put(partition, found == null ? ends.get(partition) : found.offset()));
  }

  private NewestWindows newestWindows() {
    List<TopicPartition> reports = partitions(settings.reports());
    Map<TopicPartition, Long> ends = consumer.endOffsets(reports, CHECK_TIMEOUT);
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(reports, CHECK_TIMEOUT);
    consumer.assign(reports);
    reports.forEach(
        partition ->
            consumer.seek(
                partition, Math.max(beginnings.get(partition), ends.get(partition) - SAMPLE)));
    NewestWindows newest = new NewestWindows(windows);
    long deadlineNanos = System.nanoTime() + SAMPLE_TIMEOUT.toNanos();
    while (reports.stream().anyMatch(partition -> isBefore(partition, ends.get(partition)))
        && System.nanoTime() - deadlineNanos < 0) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(WAIT)) {
        JsonNode report = record.value() == null ? null : parse(record.value());
        if (report != null) {
          newest.add(report);
        }
      }
    }
    consumer.unsubscribe();
    return newest;
  }

  private boolean isBefore(TopicPartition partition, long end) {
    return consumer.position(partition) < end;
  }

  @Override
  void disconnect() {
    if (consumer != null) {
      consumer.close(Duration.ZERO);
      consumer = null;
    }
  }
}
