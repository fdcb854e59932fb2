package dev.atalaya.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RecentIdsTest {

  private static ConsumerRecord<byte[], byte[]> record(int partition, long offset, String id) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("t", partition, offset, null, new byte[0]);
    record.headers().add(KafkaWriter.ID_HEADER, id.getBytes(StandardCharsets.UTF_8));
    return record;
  }

  private static boolean isDuplicate(RecentIds ids, ConsumerRecord<byte[], byte[]> record) {
    return ids.isDuplicate(record, RecentIds.id(record));
  }

  @Test
  void remembersExactlySoManyOffsetsOfEachPartition() {
    RecentIds ids = new RecentIds();
    assertThat(isDuplicate(ids, record(0, 5, "a"))).isFalse();
    assertThat(isDuplicate(ids, record(1, 5, "a"))).isFalse();
    assertThat(isDuplicate(ids, record(0, 4 + RecentIds.REMEMBERED, "a"))).isTrue();
    // Once more after the latest time it was there.
    assertThat(isDuplicate(ids, record(0, 3 + 2L * RecentIds.REMEMBERED, "a"))).isTrue();
    assertThat(isDuplicate(ids, record(0, 3 + 3L * RecentIds.REMEMBERED, "a"))).isFalse();
    assertThat(isDuplicate(ids, record(1, 5 + RecentIds.REMEMBERED, "a"))).isFalse();
  }

  @Test
  void anEmptyIdIsNone() {
    assertThat(RecentIds.id(record(0, 0, ""))).isNull();
    assertThat(RecentIds.id(new ConsumerRecord<>("t", 0, 0, null, new byte[0]))).isNull();
    ConsumerRecord<byte[], byte[]> empty = new ConsumerRecord<>("t", 0, 0, null, new byte[0]);
    empty.headers().add(KafkaWriter.ID_HEADER, null);
    assertThat(RecentIds.id(empty)).isNull();
  }

  @Test
  void aLongIdIsToldApartWithoutBeingKept() {
    RecentIds ids = new RecentIds();
    String large = "x".repeat(1_000_000);
    assertThat(RecentIds.id(record(0, 0, large))).hasSize(32);
    assertThat(isDuplicate(ids, record(0, 0, large))).isFalse();
    assertThat(isDuplicate(ids, record(0, 1, large + "y"))).isFalse();
    assertThat(isDuplicate(ids, record(0, 2, large))).isTrue();
    assertThat(RecentIds.id(record(0, 3, "x".repeat(255)))).hasSize(255);
  }

  /** Wherever a reader resumes, it says of each record what one does that never stopped. */
  @Test
  void whatIsADuplicateDoesNotDependOnWhereReadingResumed() {
    Random random = new Random(7);
    int records = 3 * RecentIds.REMEMBERED;
    String[] id = new String[records];
    boolean[] expected = new boolean[records];
    Map<String, Integer> last = new HashMap<>();
    for (int i = 0; i < records; i++) {
      id[i] = Integer.toString(random.nextInt(records));
      Integer before = last.put(id[i], i);
      expected[i] = before != null && i - before < RecentIds.REMEMBERED;
    }
    for (int resumed : new int[] {0, 1, 1000, RecentIds.REMEMBERED, 2 * RecentIds.REMEMBERED + 7}) {
      RecentIds ids = new RecentIds();
      ids.resumeAt(new TopicPartition("t", 0), resumed);
      for (int i = Math.max(0, resumed - RecentIds.REMEMBERED); i < records; i++) {
        ConsumerRecord<byte[], byte[]> record = record(0, i, id[i]);
        boolean duplicate = isDuplicate(ids, record);
        assertThat(ids.isHistory(record)).isEqualTo(i < resumed);
        if (i >= resumed && duplicate != expected[i]) {
          assertThat(duplicate).as("record %d, resumed at %d", i, resumed).isEqualTo(expected[i]);
        }
      }
    }
  }
}
