package dev.atalaya.connectors.kafka;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * The ids of the last {@value #REMEMBERED} records of each partition, so that what a producer wrote
 * twice counts once. Whether a record is a duplicate depends on its partition alone, not on when it
 * is read: after a failure the records before the position are read again to know their ids ({@link
 * IdHistory}), so nothing of this is state.
 *
 * <p>About 170 bytes for an id of 36 characters: 11 MB a partition. Not thread-safe.
 */
final class RecentIds implements Serializable {

  /** In offsets, so that what compaction and transactions leave out counts too. */
  static final int REMEMBERED = 65_536;

  /** Of an id that is kept as it is; as long as in AMQP. */
  private static final int MAX_BYTES = 255;

  private transient Map<TopicPartition, Partition> partitions;

  private static final class Partition {
    /** Each id with the offset of its latest record, by increasing offset. */
    final Map<String, Long> offsets = new LinkedHashMap<>(16, 0.75f, true);

    long resumeAt = Long.MIN_VALUE;
  }

  /** Records before this offset are only there to be known: they were handed on before. */
  void resumeAt(TopicPartition partition, long offset) {
    of(partition).resumeAt = offset;
  }

  /** Where reading goes on, if it went on from here. */
  long orResumption(TopicPartition partition, long offset) {
    return Math.max(offset, of(partition).resumeAt);
  }

  boolean isHistory(ConsumerRecord<?, ?> consumed) {
    return consumed.offset() < of(partition(consumed)).resumeAt;
  }

  /** Notes a record, and says whether its id was here before. */
  boolean isDuplicate(ConsumerRecord<?, ?> consumed, String id) {
    Map<String, Long> offsets = of(partition(consumed)).offsets;
    Iterator<Long> oldest = offsets.values().iterator();
    while (oldest.hasNext() && oldest.next() <= consumed.offset() - REMEMBERED) {
      oldest.remove();
    }
    return offsets.put(id, consumed.offset()) != null;
  }

  /** Null when there is none; an empty one tells nothing apart. */
  static String id(ConsumerRecord<?, ?> consumed) {
    Header header = consumed.headers().lastHeader(KafkaWriter.ID_HEADER);
    if (header == null || header.value() == null || header.value().length == 0) {
      return null;
    }
    byte[] id = header.value().length > MAX_BYTES ? digest(header.value()) : header.value();
    return new String(id, StandardCharsets.ISO_8859_1);
  }

  /** Who writes chooses the length, which would be kept so many times. */
  private static byte[] digest(byte[] id) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(id);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private Partition of(TopicPartition partition) {
    if (partitions == null) {
      partitions = new HashMap<>();
    }
    return partitions.computeIfAbsent(partition, any -> new Partition());
  }

  private static TopicPartition partition(ConsumerRecord<?, ?> consumed) {
    return new TopicPartition(consumed.topic(), consumed.partition());
  }
}
