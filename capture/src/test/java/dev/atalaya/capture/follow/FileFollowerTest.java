package dev.atalaya.capture.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atalaya.capture.MemoryPublisher;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFollowerTest {

  private static final FileFollower.Pace FAST = new FileFollower.Pace(2, 5, 300);
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path folder;

  private final MemoryPublisher queue = new MemoryPublisher();
  private final List<FileFollower> followers = new ArrayList<>();
  private Path logs;
  private Path log;
  private Path state;

  @BeforeEach
  void makeFolder() throws IOException {
    logs = Files.createDirectory(folder.resolve("logs"));
    log = logs.resolve("x.log");
    state = folder.resolve("state.json");
  }

  @AfterEach
  void close() throws IOException {
    for (FileFollower follower : followers) {
      follower.close();
    }
  }

  @Test
  void aLineIsTakenWhenItHasItsEnd() throws IOException {
    write(log, "one\ntw");
    FileFollower follower = follow("x.log");
    awaitEvents("one");
    write(log, "o\r\n\nthree\n");
    awaitEvents("one", "two", "three");
    assertThat(follower.counts()).containsEntry("lines", 3L).containsEntry("empty", 1L);
  }

  @Test
  void idsAreTheSameWhenLinesAreReadAgain() throws IOException {
    queue.holdBack();
    write(log, "one\ntwo\n");
    FileFollower first = follow("x.log");
    awaitEvents("one", "two");
    first.close();
    follow("x.log");
    awaitEvents("one", "two", "one", "two");
    assertThat(queue.byId().values()).containsExactly("one", "two");
  }

  @Test
  void idsAreNotGivenAgainThoughContentsBeginAlike() throws IOException {
    queue.holdBack();
    write(log, "line ");
    FileFollower first = follow("x.log");
    await().atMost(LONG).until(() -> Files.exists(state) && first.counts().get("files") == 1);
    write(log, "1\n");
    awaitEvents("line 1");
    first.close();
    Files.writeString(log, "line 2\n");
    follow("x.log");
    awaitEvents("line 1", "line 2");
    assertThat(queue.byId()).hasSize(2);
  }

  @Test
  void itGoesOnWhereAllWasConfirmed() throws IOException {
    write(log, "one\ntwo\n");
    FileFollower first = follow("x.log");
    awaitEvents("one", "two");
    first.close();
    write(log, "three\n");
    follow("x.log");
    awaitEvents("one", "two", "three");
  }

  @Test
  void nothingIsReadPastWhatThePublisherTakes() throws IOException {
    queue.room(2);
    write(log, "one\ntwo\nthree\n");
    follow("x.log");
    awaitEvents("one", "two");
    queue.room(10);
    awaitEvents("one", "two", "three");
  }

  @Test
  void ofALineThatIsTooLongTheBeginningIsTaken() throws IOException {
    write(log, "a".repeat(300_000) + "\nb\n" + "c".repeat(100) + "\n");
    FileFollower follower = start(new FollowSettings(paths("x.log"), state, false, 100));
    awaitEvents("a".repeat(100), "b", "c".repeat(100));
    write(log, "d".repeat(101) + "\ne\n");
    awaitEvents("a".repeat(100), "b", "c".repeat(100), "d".repeat(100), "e");
    assertThat(follower.counts()).containsEntry("oversize", 2L);
  }

  @Test
  void theRestOfARenamedFileIsReadThoughItsNewNameIsNotFollowed() throws IOException {
    write(log, "one\n");
    follow("x.log");
    awaitEvents("one");
    Path rotated = Files.move(log, logs.resolve("x.log.1"));
    write(log, "three\n");
    awaitEvents("one", "three");
    write(rotated, "two\n");
    awaitEvents("one", "three", "two");
  }

  @Test
  void theRestIsReadOfWhatWasRotatedWhileNobodyLooked() throws IOException {
    write(log, "one\n");
    FileFollower first = follow("x.log");
    awaitEvents("one");
    first.close();
    write(log, "two\n");
    Files.move(log, logs.resolve("x.log.1"));
    write(log, "three\n");
    follow("x.log");
    await().atMost(LONG).until(() -> queue.events().size() >= 3);
    assertThat(queue.events()).containsExactlyInAnyOrder("one", "two", "three");
  }

  @Test
  void theRestIsReadOfWhatWasCopiedAndCutWhileNobodyLooked() throws IOException {
    write(log, "one\n");
    FileFollower first = follow("x.log");
    awaitEvents("one");
    first.close();
    write(log, "two\n");
    copyAndCut(log, logs.resolve("x.log.1"));
    write(log, "three and more\n");
    follow("x.log");
    await().atMost(LONG).until(() -> queue.events().size() >= 3);
    assertThat(queue.events()).containsExactlyInAnyOrder("one", "two", "three and more");
  }

  @Test
  void aLastLineWaitsForItsEndThoughItTakesLong() throws IOException {
    write(log, "one\ntw");
    follow("x.log");
    awaitEvents("one");
    pauseUntilQuiet();
    write(log, "o\n");
    awaitEvents("one", "two");
  }

  @Test
  void theLastLineOfARenamedFileIsTakenWhenNothingComesAnyMore() throws IOException {
    write(log, "one\ntwo");
    follow("x.log*");
    awaitEvents("one");
    Files.move(log, logs.resolve("x.log.1"));
    write(log, "three\n");
    awaitEvents("one", "three", "two");
  }

  @Test
  void soIsThatOfADeletedFile() throws IOException {
    write(log, "one\ntwo");
    follow("x.log*");
    awaitEvents("one");
    pauseUntilQuiet();
    Files.delete(log);
    awaitEvents("one", "two");
  }

  @Test
  void soIsThatOfACopyOfWhatWasCut() throws IOException {
    write(log, "one\ntwo");
    follow("x.log*");
    awaitEvents("one");
    copyAndCut(log, logs.resolve("x.log.1"));
    write(log, "three\n");
    awaitEvents("one", "three", "two");
  }

  @Test
  void thatOfACompressedFileIsTakenOnce() throws IOException {
    write(log, "one\ntwo");
    FileFollower follower = follow("x.log*");
    awaitEvents("one");
    gzip(log, logs.resolve("x.log.1.gz"));
    Files.delete(log);
    awaitEvents("one", "two");
    await().atMost(LONG).until(() -> follower.counts().get("taken_up") == 1);
    pauseUntilQuiet();
    awaitEvents("one", "two");
  }

  @Test
  void copiesAndCompressedOnesAreNotReadAgain() throws IOException {
    write(log, "one\ntwo\n");
    follow("*");
    awaitEvents("one", "two");
    Files.copy(log, logs.resolve("copy"));
    gzip(log, logs.resolve("x.log.1.gz"));
    Files.delete(log);
    write(logs.resolve("other"), "three\n");
    awaitEvents("one", "two", "three");
    pauseUntilQuiet();
    awaitEvents("one", "two", "three");
  }

  @Test
  void compressionThatTakesLongGivesNoOtherLines() throws Exception {
    Random random = new Random(6);
    String[] lines = random.longs(10_000).mapToObj(Long::toString).toArray(String[]::new);
    write(log, String.join("\n", lines) + "\n");
    FileFollower first = follow("x.log*");
    awaitEvents(lines);
    Path whole = folder.resolve("whole");
    gzip(log, whole);
    byte[] bytes = Files.readAllBytes(whole);
    try (OutputStream gzip = Files.newOutputStream(logs.resolve("x.log.1.gz"))) {
      for (int part = 0; part < 20; part++) {
        gzip.write(bytes, bytes.length / 20 * part, bytes.length / 20);
        Thread.sleep(4 * FAST.search());
        if (part == 10) {
          first.close();
          follow("x.log*"); // this one knows of its beginning and its end only
        }
      }
      int there = bytes.length / 20 * 20;
      gzip.write(bytes, there, bytes.length - there);
    }
    Files.delete(log);
    pauseUntilQuiet();
    awaitEvents(lines);
  }

  @Test
  void whatIsCompressedBeforeTheLastLinesCameIsNoOtherContent() throws IOException {
    String one = "one ".repeat(100);
    write(log, one + "\ntwo\n");
    follow("x.log*");
    gzip(log, logs.resolve("x.log.1.gz"));
    write(log, "three\n");
    awaitEvents(one, "two", "three");
    pauseUntilQuiet();
    Files.newOutputStream(log, StandardOpenOption.TRUNCATE_EXISTING).close();
    write(log, "four\n");
    awaitEvents(one, "two", "three", "four");
    pauseUntilQuiet();
    awaitEvents(one, "two", "three", "four");
  }

  @Test
  void aGzipFileThatBeginsAsOthersIsReadToItsEnd() throws IOException {
    String preamble = "# ".repeat(200);
    Path plain = folder.resolve("plain");
    String[] lines = IntStream.range(0, 200_000).mapToObj(i -> "line " + i).toArray(String[]::new);
    write(plain, preamble + "\n" + String.join("\n", lines) + "\n");
    write(log, preamble + "\n" + "other\n".repeat(500_000));
    FileFollower follower = follow("x.*");
    await().atMost(LONG).until(() -> follower.counts().get("lines") == 500_001);
    gzip(plain, logs.resolve("x.gz"));
    await().atMost(LONG).until(() -> follower.counts().get("lines") >= 700_002);
    List<String> events = queue.events();
    assertThat(events.subList(500_002, events.size())).containsExactly(lines);
  }

  @Test
  void aGzipFileOfManyIsReadAsOne() throws IOException {
    Path one = folder.resolve("one");
    write(one, "one\n");
    gzip(one, folder.resolve("one.gz"));
    byte[] member = Files.readAllBytes(folder.resolve("one.gz"));
    Path gzip = Files.write(logs.resolve("x.gz"), member);
    Files.write(gzip, member, StandardOpenOption.APPEND);
    follow("x.gz");
    awaitEvents("one", "one");
  }

  @Test
  void aGzipFileThatNobodyKnowsIsRead() throws IOException {
    Path plain = folder.resolve("plain");
    StringBuilder text = new StringBuilder();
    IntStream.range(0, 100_000).forEach(i -> text.append("line ").append(i).append('\n'));
    write(plain, text + "last");
    gzip(plain, logs.resolve("old.gz"));
    follow("*.gz");
    await().atMost(LONG).until(() -> queue.events().size() == 100_001);
    assertThat(String.join("\n", queue.events())).isEqualTo(text + "last");
  }

  @Test
  void ofADamagedGzipFileTheBeginningIsReadAndTheRestIsTold() throws IOException {
    Path plain = folder.resolve("plain");
    Random random = new Random(5);
    StringBuilder text = new StringBuilder("first\n");
    IntStream.range(0, 10_000).forEach(i -> text.append(random.nextLong()).append('\n'));
    write(plain, text.toString());
    Path whole = folder.resolve("whole");
    gzip(plain, whole);
    byte[] bytes = Files.readAllBytes(whole);
    Files.write(logs.resolve("x.gz"), Arrays.copyOf(bytes, bytes.length / 2));
    FileFollower follower = follow("*.gz");
    await().atMost(LONG).until(() -> follower.counts().get("read_faults") == 1);
    int half = queue.events().size();
    assertThat(half).isBetween(1_000, 9_000);
    // Then it comes as a whole.
    Files.write(logs.resolve("x.gz"), bytes);
    await().atMost(LONG).until(() -> queue.events().size() >= 10_001);
    assertThat(String.join("\n", queue.events()) + "\n").isEqualTo(text.toString());
  }

  @Test
  void filesWithTheSameBeginningAreTwo() throws IOException {
    String header = "#fields " + "x".repeat(400) + "\n";
    write(logs.resolve("a.log"), header + "one\n");
    write(logs.resolve("b.log"), header + "two\n");
    follow("*.log");
    await().atMost(LONG).until(() -> queue.events().size() == 4);
    assertThat(queue.events()).contains("one", "two");
    // As long as it is the beginning of another, it may be a copy that is being made.
    write(logs.resolve("c.log"), header);
    write(logs.resolve("c.log"), "four\n");
    await().atMost(LONG).until(() -> queue.events().size() == 6);
    assertThat(queue.events()).endsWith("four");
  }

  @Test
  void aFileThatHasMoreThanOneOfTheSameBeginningIsNoCopyOfIt() throws IOException {
    String header = "#fields ts src dst\n";
    write(logs.resolve("idle.log"), header);
    follow("*");
    awaitEvents(header.strip());
    write(logs.resolve("busy.log"), header + "one\n");
    awaitEvents(header.strip(), header.strip(), "one");
    // Also when it was the same at first.
    write(logs.resolve("late.log"), header);
    pauseUntilQuiet();
    write(logs.resolve("late.log"), "two\n");
    Path plain = folder.resolve("plain");
    write(plain, header + "three\n");
    gzip(plain, logs.resolve("old.gz"));
    await().atMost(LONG).until(() -> queue.events().size() >= 6);
    assertThat(queue.events()).contains("two", "three");
    pauseUntilQuiet();
    assertThat(queue.events()).hasSize(6);
  }

  @Test
  void norIsOneThatHasLessAndOtherLines() throws IOException {
    String header = "#fields ts src dst\n";
    write(logs.resolve("m.log"), header);
    FileFollower first = follow("*");
    awaitEvents(header.strip());
    first.close();
    write(logs.resolve("m.log"), "one\ntwo\n");
    for (String other : List.of("a", "z")) {
      write(logs.resolve(other), header + other + "\n");
    }
    follow("*");
    await().atMost(LONG).until(() -> queue.events().size() >= 7);
    assertThat(queue.events())
        .containsExactlyInAnyOrder(
            header.strip(), "one", "two", header.strip(), "a", header.strip(), "z");
  }

  @Test
  void aFolderThatIsALinkIsTheOneItNames() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), logs);
    write(log, "one\n");
    start(new FollowSettings(List.of(link + "/*.log", link + "/y"), state, false, 100));
    awaitEvents("one");
    write(logs.resolve("y"), "two\n");
    awaitEvents("one", "two");
  }

  @Test
  void itsOwnPositionsAreNotFollowed() throws IOException {
    state = logs.resolve("state.json");
    write(log, "one\n");
    FileFollower follower = follow("*");
    awaitEvents("one");
    await().atMost(LONG).until(() -> Files.exists(state));
    pauseUntilQuiet();
    write(log, "two\n");
    await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
    awaitEvents("one", "two");
    assertThat(follower.counts()).containsEntry("files", 1L);
  }

  /** As a name gives it that was written in another encoding than the machine's. */
  @Test
  void aNameThatIsNoPathDoesNotEndIt() throws IOException {
    write(log, "one\n");
    FileFollower first = follow("*.log");
    awaitEvents("one");
    first.close();
    String positions = Files.readString(state);
    Files.writeString(state, positions.replace("x.log", "x\\u0000.log"));
    Files.delete(log);
    follow("*.log");
    write(logs.resolve("y.log"), "two\n");
    awaitEvents("one", "two");
  }

  @Test
  void aFileWrittenAnewIsReadFromItsBeginningThoughItIsLonger() throws IOException {
    write(log, "one\n");
    FileFollower follower = follow("x.log");
    awaitEvents("one");
    Files.writeString(log, "two and more\nthree\n");
    awaitEvents("one", "two and more", "three");
    assertThat(follower.counts()).containsEntry("truncated", 1L);
  }

  @Test
  void filesThatAreThereAreFollowedFromTheirEndWhenSaidSo() throws IOException {
    write(log, "old\nhalf");
    start(new FollowSettings(paths("*.log"), state, true, 1_000));
    await().atMost(LONG).until(() -> Files.exists(state));
    write(log, " a line\nnew\n");
    write(logs.resolve("y.log"), "also new\n");
    await().atMost(LONG).until(() -> queue.events().size() >= 2);
    assertThat(queue.events()).containsExactlyInAnyOrder("new", "also new");
  }

  @Test
  void linksAreFollowedInsideTheFolderOnly() throws IOException {
    Path outside = folder.resolve("secret");
    write(outside, "secret\n");
    write(log, "one\n");
    Files.createSymbolicLink(logs.resolve("inside.log"), log);
    Files.createSymbolicLink(logs.resolve("outside.log"), outside);
    Files.createSymbolicLink(logs.resolve("nothing.log"), folder.resolve("nothing"));
    FileFollower follower = follow("*.log");
    await().atMost(LONG).until(() -> follower.counts().get("links_outside") == 1);
    write(log, "two\n");
    awaitEvents("one", "two");
  }

  @Test
  void aFileReplacedByALinkToTheOutsideIsNotReadOn() throws IOException {
    Path outside = folder.resolve("secret");
    write(outside, "one\nsecret\n");
    write(log, "one\n");
    FileFollower follower = follow("*");
    awaitEvents("one");
    Files.delete(log);
    Files.createSymbolicLink(log, outside);
    await().atMost(LONG).until(() -> follower.counts().get("links_outside") == 1);
    pauseUntilQuiet();
    write(logs.resolve("y.log"), "two\n");
    awaitEvents("one", "two");
  }

  @Test
  void whatIsNoFileIsLeftAlone() throws Exception {
    Files.createDirectory(logs.resolve("folder.log"));
    Process mkfifo = new ProcessBuilder("mkfifo", logs.resolve("pipe.log").toString()).start();
    assertThat(mkfifo.waitFor()).isZero();
    write(log, "one\n");
    FileFollower follower = follow("*.log");
    awaitEvents("one");
    assertThat(follower.counts()).containsEntry("files", 1L).containsEntry("read_faults", 0L);
  }

  @Test
  void twoThatKeepTheSamePositionsAreRefused() throws IOException {
    follow("x.log");
    FileFollower second =
        new FileFollower(new FollowSettings(paths("x.log"), state, false, 100), queue, FAST);
    assertThatThrownBy(second::start).hasMessageContaining("keeps its positions");
  }

  @Test
  void positionsThatCannotBeReadAreNotForgotten() throws IOException {
    Files.writeString(state, "{\"version\":1,\"posi");
    FileFollower follower =
        new FileFollower(new FollowSettings(paths("x.log"), state, false, 100), queue, FAST);
    assertThatThrownBy(follower::start).hasMessageContaining("does not tell positions");
    assertThat(Files.readString(state)).isEqualTo("{\"version\":1,\"posi");
  }

  /**
   * Five days of hourly rotation: 120 rotations, by renaming with and without compression and by
   * copying and cutting, with up to 200 lines between.
   */
  @Test
  void eachLineIsThereOnceThroughFiveDaysOfRotation() throws Exception {
    Random random = new Random(7);
    follow("x.log*");
    int written = 0;
    for (int hour = 0; hour < 120; hour++) {
      for (int burst = random.nextInt(4); burst >= 0; burst--) {
        StringBuilder lines = new StringBuilder();
        for (int i = random.nextInt(50); i >= 0; i--) {
          lines.append("line ").append(written++).append('\n');
        }
        int half = random.nextInt(lines.length());
        write(log, lines.substring(0, half));
        if (random.nextBoolean()) {
          Thread.sleep(random.nextInt(12));
        }
        write(log, lines.substring(half));
      }
      rotate(random.nextInt(3));
      if (hour % 20 == 0) {
        // Otherwise a slow machine has the oldest deleted before anybody reads it.
        int sofar = written;
        await().atMost(LONG).until(() -> queue.events().size() >= sofar);
      }
      if (random.nextBoolean()) {
        Thread.sleep(random.nextInt(40));
      }
    }
    int all = written;
    await().atMost(LONG).until(() -> queue.events().size() >= all);
    assertThat(new HashSet<>(queue.ids())).hasSize(queue.ids().size());
    assertThat(queue.events())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, all).mapToObj(i -> "line " + i).toList());
  }

  /** As kill -9 at many moments: what is on the disk then is what the next one finds. */
  @Test
  void eachLineIsThereOnceThoughTheProcessEndsAtAnyMoment() throws Exception {
    Random random = new Random(11);
    int written = 0;
    for (int life = 0; life < 30; life++) {
      Path copied = folder.resolve("state" + life);
      if (Files.exists(state)) {
        Files.copy(state, copied);
      }
      state = copied;
      FileFollower follower = follow("x.log*");
      for (int burst = 0; burst < 5; burst++) {
        StringBuilder lines = new StringBuilder();
        for (int i = random.nextInt(50); i >= 0; i--) {
          lines.append("line ").append(written++).append('\n');
        }
        write(log, lines.toString());
        Thread.sleep(random.nextInt(10));
        if (random.nextInt(3) == 0) {
          rotate(random.nextInt(2));
        }
      }
      // From here on it does nothing that anybody sees.
      queue.room(0);
      Path frozen = folder.resolve("frozen" + life);
      if (Files.exists(state)) {
        Files.copy(state, frozen);
      }
      follower.close();
      queue.room(Integer.MAX_VALUE);
      state = frozen;
    }
    follow("x.log*");
    int all = written;
    await().atMost(LONG).until(() -> new HashSet<>(queue.events()).size() == all);
    assertThat(queue.byId().values())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, all).mapToObj(i -> "line " + i).toList());
  }

  private void rotate(int way) throws IOException {
    for (int age = 98; age >= 1; age--) {
      for (String suffix : List.of("", ".gz")) {
        Path older = logs.resolve("x.log." + age + suffix);
        if (Files.exists(older, LinkOption.NOFOLLOW_LINKS)) {
          Files.move(older, logs.resolve("x.log." + (age + 1) + suffix), REPLACE);
        }
      }
    }
    Path newest = logs.resolve("x.log.1");
    if (way == 1) {
      copyAndCut(log, newest);
    } else {
      Files.move(log, newest);
      if (way == 2) {
        gzip(newest, logs.resolve("x.log.1.gz"));
        Files.delete(newest);
      }
      Files.createFile(log);
    }
  }

  private static final StandardCopyOption REPLACE = StandardCopyOption.REPLACE_EXISTING;

  private static void copyAndCut(Path file, Path copy) throws IOException {
    Files.copy(file, copy);
    Files.newOutputStream(file, StandardOpenOption.TRUNCATE_EXISTING).close();
  }

  private static void gzip(Path file, Path gzip) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
      Files.copy(file, out);
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(
        file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void awaitEvents(String... events) {
    await().atMost(LONG).until(() -> queue.events().size() >= events.length);
    assertThat(queue.events()).containsExactly(events);
  }

  /** Longer than it takes for a file to rest. */
  private static void pauseUntilQuiet() {
    await().pollDelay(Duration.ofMillis(3 * FAST.quiet())).until(() -> true);
  }

  private List<String> paths(String glob) {
    return List.of(logs + "/" + glob);
  }

  private FileFollower follow(String glob) throws IOException {
    return start(new FollowSettings(paths(glob), state, false, 10_000));
  }

  private FileFollower start(FollowSettings settings) throws IOException {
    FileFollower follower = new FileFollower(settings, queue, FAST);
    followers.add(follower);
    follower.start();
    return follower;
  }
}
