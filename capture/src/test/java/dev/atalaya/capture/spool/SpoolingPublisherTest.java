package dev.atalaya.capture.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atalaya.capture.publish.FakeQueue;
import dev.atalaya.capture.publish.PublishRefusedException;
import dev.atalaya.capture.publish.Publisher;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SpoolingPublisherTest {

  @TempDir private Path dir;
  private final FakeQueue queue = new FakeQueue();

  private SpoolingPublisher open() throws IOException {
    return open(1 << 30);
  }

  private SpoolingPublisher open(long maxBytes) throws IOException {
    return new SpoolingPublisher(new SpoolSettings(dir.resolve("spool"), maxBytes), queue);
  }

  private static void publish(Publisher publisher, int from, int to) throws Exception {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = from; i < to; i++) {
      all.add(publisher.publish("id-" + i, ("event " + i).getBytes(UTF_8)));
    }
    for (CompletableFuture<Void> one : all) {
      one.get(20, TimeUnit.SECONDS);
    }
  }

  private static List<String> expected(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "id-" + i + "=event " + i).toList();
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve("spool"))) {
      return files.filter(file -> file.toString().endsWith(".spool")).sorted().toList();
    }
  }

  @Test
  void whileTheQueueIsThereNothingIsOnDisk() throws Exception {
    try (SpoolingPublisher spool = open()) {
      publish(spool, 0, 10);
      assertThat(queue.events()).isEqualTo(expected(0, 10));
      assertThat(segments()).isEmpty();
      assertThat(spool.counts()).isEqualTo(new Publisher.Counts(10, 10, 0, 0));
    }
  }

  @Test
  void whatComesWhileItIsAwayFollowsInOrder() throws Exception {
    try (SpoolingPublisher spool = open()) {
      queue.away(true);
      publish(spool, 0, 1000);
      assertThat(queue.events()).isEmpty();
      assertThat(spool.storedBytes()).isPositive();
      queue.away(false);
      publish(spool, 1000, 1010);
      await().until(() -> spool.storedBytes() == 0);
      assertThat(queue.events()).isEqualTo(expected(0, 1010));
      assertThat(segments()).isEmpty();
      publish(spool, 1010, 1011);
      assertThat(queue.events()).hasSize(1011);
    }
  }

  @Test
  void whatIsTooMuchForTheQueueGoesToDisk() throws Exception {
    queue.room(5).confirms(false);
    try (SpoolingPublisher spool = open()) {
      for (int i = 0; i < 5; i++) {
        assertThat(spool.publish("id-" + i, ("event " + i).getBytes(UTF_8))).isNotDone();
      }
      publish(spool, 5, 20);
      queue.confirms(true);
      await().until(() -> spool.storedBytes() == 0);
      assertThat(queue.events()).isEqualTo(expected(0, 20));
    }
  }

  @Test
  void theNextProcessGoesOn() throws Exception {
    queue.away(true);
    try (SpoolingPublisher spool = open()) {
      publish(spool, 0, 100);
    }
    queue.away(false);
    try (SpoolingPublisher spool = open()) {
      await().until(() -> spool.storedBytes() == 0);
      assertThat(queue.events()).isEqualTo(expected(0, 100));
    }
  }

  /** As after a process was killed at any moment: what was stored whole is there. */
  @Test
  void aSegmentCutAnywhereGivesWhatIsWholeBeforeTheCut() throws Exception {
    queue.away(true);
    try (SpoolingPublisher spool = open()) {
      publish(spool, 0, 3);
    }
    Path segment = segments().get(0);
    byte[] whole = Files.readAllBytes(segment);
    int each = (whole.length - 8) / 3;
    for (int length = 0; length <= whole.length; length++) {
      Files.write(segment, java.util.Arrays.copyOf(whole, length));
      int events = Math.max(0, length - 8) / each;
      assertThat(Segment.read(segment).events())
          .extracting(stored -> stored.id() + "=" + new String(stored.event(), UTF_8))
          .isEqualTo(expected(0, events));
    }
  }

  @Test
  void aDamagedByteEndsItsSegmentAndNothingElse() throws Exception {
    queue.away(true);
    try (SpoolingPublisher spool = open()) {
      publish(spool, 0, 3);
    }
    Path segment = segments().get(0);
    byte[] whole = Files.readAllBytes(segment);
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 0x40;
      Files.write(segment, damaged);
      int events = i < 8 ? 0 : (i - 8) / ((whole.length - 8) / 3);
      assertThat(Segment.read(segment).events()).hasSize(events);
    }
  }

  @Test
  void isBounded() throws Exception {
    queue.away(true);
    byte[] event = new byte[100_000];
    try (SpoolingPublisher spool = open(1_000_000)) {
      int taken = 0;
      while (!spool.isFull()) {
        spool.publish("id-" + taken++, event).get(20, TimeUnit.SECONDS);
      }
      assertThat(taken).isEqualTo(10);
      assertThat(spool.publish("one-more", event))
          .isCompletedExceptionally()
          .failsWithin(java.time.Duration.ZERO)
          .withThrowableThat()
          .withCauseInstanceOf(PublishRefusedException.class);
      assertThat(spool.awaitRoom(1)).isFalse();
      assertThat(spool.isAway()).isTrue();
      queue.away(false);
      assertThat(spool.awaitRoom(20_000)).isTrue();
      await().until(() -> spool.storedBytes() == 0);
      assertThat(queue.events()).hasSize(10);
    }
  }

  /** A job behind remembers some 65,000 ids of a partition, and a file is published again whole. */
  @Test
  void aFileHasNoMoreEventsThanAJobKnowsAgain() throws Exception {
    queue.away(true);
    try (SpoolingPublisher spool = open()) {
      publish(spool, 0, 70_000);
    }
    assertThat(segments())
        .allSatisfy(
            segment ->
                assertThat(Segment.read(segment).events())
                    .hasSizeLessThan(SpoolingPublisher.SEGMENT_EVENTS + 10_000));
  }

  @Test
  void aDiskThatRefusesIsWaitedFor() throws Exception {
    queue.away(true);
    try (SpoolingPublisher spool = open()) {
      deleteFolder();
      CompletableFuture<Void> kept = spool.publish("id-0", "event 0".getBytes(UTF_8));
      assertThatThrownBy(() -> kept.get(500, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      Files.createDirectory(dir.resolve("spool"));
      kept.get(20, TimeUnit.SECONDS);
      assertThat(segments()).hasSize(1);
      queue.away(false);
      await().until(() -> spool.storedBytes() == 0);
      assertThat(queue.events()).isEqualTo(expected(0, 1));
    }
  }

  @Test
  void withoutADiskTheQueueTakesWhatWaited() throws Exception {
    queue.away(true);
    try (SpoolingPublisher spool = open()) {
      publish(spool, 0, 1); // in a file that somebody deletes
      await().until(() -> segments().size() == 1);
      queue.away(false);
      await().until(() -> spool.storedBytes() == 0);
      queue.away(true);
      deleteFolder();
      CompletableFuture<Void> kept = spool.publish("id-1", "event 1".getBytes(UTF_8));
      queue.away(false);
      kept.get(20, TimeUnit.SECONDS);
      await().until(() -> spool.storedBytes() == 0);
      assertThat(queue.events()).isEqualTo(expected(0, 2));
    }
  }

  @Test
  void aFileThatIsGoneHoldsNothingUp() throws Exception {
    queue.away(true);
    try (SpoolingPublisher spool = open()) {
      publish(spool, 0, 1);
    }
    try (SpoolingPublisher spool = open()) {
      Files.delete(segments().get(0));
      queue.away(false);
      await().until(() -> spool.storedBytes() == 0);
      publish(spool, 1, 2);
      assertThat(queue.events()).isEqualTo(expected(1, 2));
    }
  }

  private void deleteFolder() throws IOException {
    for (Path segment : segments()) {
      Files.delete(segment);
    }
    Files.delete(dir.resolve("spool/lock"));
    Files.delete(dir.resolve("spool"));
  }

  @Test
  void whatAQueueHadNotConfirmedWhenItWasClosedGoesToDisk() throws Exception {
    queue.confirms(false);
    try (SpoolingPublisher spool = open()) {
      CompletableFuture<Void> kept = spool.publish("id-0", "event 0".getBytes(UTF_8));
      assertThat(kept).isNotDone();
      queue.away(true).close();
      kept.get(20, TimeUnit.SECONDS);
    }
    assertThat(Segment.read(segments().get(0)).events()).hasSize(1);
  }

  @Test
  void filesOfAnotherVersionAreRefused() throws Exception {
    open().close();
    Path segment = dir.resolve("spool/0000000000000001.spool");
    Files.write(segment, new byte[] {'A', 'T', 'S', 'P', 'O', 'O', 'L', 2, 0});
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(this::open)
          .isInstanceOf(FileSystemException.class)
          .hasMessageEndingWith("0000000000000001.spool is of version 2; 1 is read here");
    }
    assertThat(segment).exists();
  }

  @Test
  void aFolderIsOfOneProcess() throws Exception {
    try (SpoolingPublisher spool = open()) {
      assertThat(spool.isFull()).isFalse();
      assertThatThrownBy(this::open)
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("another process");
    }
  }
}
