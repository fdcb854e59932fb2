package dev.atalaya.dashboard.follow;

import static dev.atalaya.dashboard.Documents.HITTER;
import static dev.atalaya.dashboard.Documents.alert;
import static dev.atalaya.dashboard.Documents.deadLetter;
import static dev.atalaya.dashboard.Documents.report;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atalaya.dashboard.history.History;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesFollowerTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path dir;

  private final History history = new History(100, 1 << 20);
  private Path root;
  private FilesFollower follower;

  @BeforeEach
  void makeFollower() {
    root = dir.resolve("out");
    follower = new FilesFollower(history, root);
  }

  @AfterEach
  void close() {
    follower.close();
  }

  /** As the sink does it: written under a name that begins with a dot, then renamed. */
  private void write(String file, Object... documents) throws IOException {
    String lines =
        Arrays.stream(documents).map(document -> document + "\n").collect(Collectors.joining());
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Path hidden = path.resolveSibling("." + path.getFileName() + ".inprogress.1");
    Files.writeString(hidden, lines);
    Files.move(hidden, path);
  }

  @Test
  void readsWhatIsThereAndWhatComes() throws IOException {
    assertThat(follower.state())
        .isEqualTo(new Follower.State("files", root.toString(), false, null, null));
    follower.start();
    await().atMost(SOON).until(() -> follower.state().isHealthy());
    assertThat(follower.state())
        .isEqualTo(new Follower.State("files", root.toString(), true, null, null));

    write("alerts/2025/01/15/10/part-a-0.jsonl", alert("d", 0, HITTER, "a", 1));
    write("reports/2025/01/15/10/part-a-0.jsonl", report("d", 0, 1, 0), report("d", 1, 0, 0));
    write("dead-letters/undated/part-a-0.jsonl", deadLetter("x", "syntax"));
    await().atMost(SOON).until(() -> history.documents() == 4);

    write("alerts/2025/01/15/10/part-a-1.jsonl", alert("d", 2, HITTER, "a", 1));
    write("alerts/2025/01/15/11/part-b-0.jsonl", alert("d", 3, HITTER, "a", 1));
    await().atMost(SOON).until(() -> history.documents() == 6);
    await().atMost(SOON).until(() -> follower.state().isHealthy());
    assertThat(follower.state().lastDocument()).isNotNull();
    assertThat(history.strangers()).isZero();
  }

  @Test
  void readsEachFileOnce() throws IOException {
    write("dead-letters/undated/part-a-0.jsonl", "no JSON");
    follower.poll();
    follower.poll();
    write("dead-letters/undated/part-a-1.jsonl", "no JSON");
    follower.poll();
    follower.poll();
    assertThat(history.strangers()).isEqualTo(2);
  }

  @Test
  void readsTheOldestHourFirstAndInItAlertsBeforeReports() throws IOException {
    List<String> changes = new ArrayList<>();
    history.listen(
        change -> changes.add(change.window().startMillis() + " " + change.window().isReported()));
    write("reports/2025/01/15/11/part-a-0.jsonl", report("d", 400, 1, 0));
    write("reports/2025/01/15/10/part-b-0.jsonl", report("d", 0, 1, 0));
    write("alerts/2025/01/15/11/part-a-0.jsonl", alert("d", 400, HITTER, "a", 1));
    write("alerts/2025/01/15/10/part-a-0.jsonl", alert("d", 0, HITTER, "a", 1));
    follower.poll();
    assertThat(changes)
        .containsExactly(
            "1736935200000 false",
            "1736935200000 true",
            "1736939200000 false",
            "1736939200000 true");
  }

  @Test
  void leavesOutWhatIsNoVisiblePartFile() throws IOException {
    write("alerts/2025/01/15/10/.part-a-0.jsonl.inprogress.x", alert("d", 0, HITTER, "a", 1));
    write("alerts/2025/01/15/10/notes.txt", alert("d", 1, HITTER, "a", 1));
    write("alerts/part-a-0.jsonl", alert("d", 2, HITTER, "a", 1));
    write("elsewhere/2025/01/15/10/part-a-0.jsonl", alert("d", 3, HITTER, "a", 1));
    write("alerts/2025/01/15/10/deeper/part-a-0.jsonl", alert("d", 4, HITTER, "a", 1));
    Path secret = Files.writeString(dir.resolve("secret"), alert("d", 5, HITTER, "a", 1) + "\n");
    Files.createSymbolicLink(root.resolve("alerts/2025/01/15/10/part-b-0.jsonl"), secret);
    Files.createSymbolicLink(root.resolve("reports"), root.resolve("elsewhere"));
    follower.poll();
    assertThat(history.documents()).isZero();
    assertThat(history.strangers()).isZero();
  }

  @Test
  void linesThatAreTooLongOrNoJsonAreStrangers() throws IOException {
    write(
        "alerts/2025/01/15/10/part-a-0.jsonl",
        "{\"a\": \"" + "x".repeat(2_000_000) + "\"}",
        "{",
        "",
        "[".repeat(100_000),
        alert("d", 0, HITTER, "a", 1));
    follower.poll();
    assertThat(history.strangers()).isEqualTo(4);
    assertThat(history.documents()).isEqualTo(1);
  }

  @Test
  void linesAreCutWhereverTheBufferEnds() throws IOException {
    for (int length : new int[] {1, 2, 65_534, 65_535, 65_536, 65_537, 131_072, 200_000}) {
      byte[] text = ("x".repeat(length) + "\ny\n\n" + "z".repeat(length)).getBytes(UTF_8);
      Lines lines = new Lines(new ByteArrayInputStream(text), 200_000);
      assertThat(lines.next()).hasSize(length);
      assertThat(lines.next()).isEqualTo(new byte[] {'y'});
      assertThat(lines.next()).isEmpty();
      assertThat(lines.next()).hasSize(length);
      assertThat(lines.next()).isNull();
    }
    byte[] tooLong = ("x".repeat(200_001) + "\ny").getBytes(UTF_8);
    Lines lines = new Lines(new ByteArrayInputStream(tooLong), 200_000);
    assertThat(lines.next()).isEmpty();
    assertThat(lines.next()).isEqualTo(new byte[] {'y'});
  }

  @Test
  void goesOnAfterTheFolderWasMadeAnew() throws IOException {
    write("alerts/2025/01/15/10/part-a-0.jsonl", alert("d", 0, HITTER, "a", 1));
    follower.poll();
    deleteAll();
    follower.poll();
    write("alerts/2025/01/15/10/part-b-0.jsonl", alert("d", 1, HITTER, "a", 1));
    follower.poll();
    assertThat(history.documents()).isEqualTo(2);
  }

  @Test
  void aFileThatCannotBeReadStopsNothingBehindItAndIsTriedAgain() throws IOException {
    write("alerts/2025/01/15/10/part-a-0.jsonl", alert("d", 0, HITTER, "a", 1));
    write("alerts/2025/01/15/10/part-b-0.jsonl", alert("d", 1, HITTER, "a", 1));
    write("alerts/2025/01/15/11/part-a-0.jsonl", alert("d", 90, HITTER, "a", 1));
    Path bad = root.resolve("alerts/2025/01/15/10/part-b-0.jsonl");
    Path aside = root.resolve("aside");
    history.listen(change -> replaceByFolder(bad, aside));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(follower::poll)
          .isInstanceOf(IOException.class)
          .hasMessage(bad + ": Is a directory");
      assertThat(history.documents()).isEqualTo(2);
    }
    Files.delete(bad);
    Files.move(aside, bad);
    follower.poll();
    assertThat(history.documents()).isEqualTo(3);
  }

  private static void replaceByFolder(Path file, Path aside) {
    if (Files.isRegularFile(file) && Files.notExists(aside)) {
      try {
        Files.move(file, aside);
        Files.createDirectory(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void aFolderThatCannotBeListedIsListedAgainAndStopsNoOther() throws IOException {
    write("alerts/2025/01/15/10/part-a-0.jsonl", alert("d", 0, HITTER, "a", 1));
    write("reports/2025/01/15/10/part-a-0.jsonl", report("d", 0, 1, 0));
    Path bad = root.resolve("alerts/2025/01");
    // As if it had been there for long.
    Files.setLastModifiedTime(bad, FileTime.fromMillis(0));
    boolean[] isBad = {true};
    PartFiles files =
        new PartFiles(root, List.of("alerts", "reports")) {
          @Override
          DirectoryStream<Path> list(Path folder) throws IOException {
            if (isBad[0] && folder.equals(bad)) {
              throw new AccessDeniedException(folder.toString());
            }
            return super.list(folder);
          }
        };
    List<Path> failed = new ArrayList<>();
    assertThat(files.newOnes((path, e) -> failed.add(path)))
        .containsExactly(root.resolve("reports/2025/01/15/10/part-a-0.jsonl"));
    assertThat(failed).containsExactly(bad);
    isBad[0] = false;
    assertThat(files.newOnes((path, e) -> failed.add(path))).hasSize(2);
    assertThat(failed).hasSize(1);
  }

  private void deleteAll() throws IOException {
    List<Path> paths;
    try (var walk = Files.walk(root)) {
      paths = walk.sorted((a, b) -> b.compareTo(a)).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }
}
