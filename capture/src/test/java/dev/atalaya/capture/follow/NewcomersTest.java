package dev.atalaya.capture.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.capture.MemoryPublisher;
import dev.atalaya.capture.publish.Outlet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What files are taken for that change between one look and the next. */
class NewcomersTest {

  @TempDir Path folder;

  private final ReadFaults faults = new ReadFaults("test");
  private final FollowedFiles files = new FollowedFiles(FollowedLines.buffer(100), faults);
  private KeptPositions positions;
  private Newcomers newcomers;
  private Path log;
  private Path copy;

  @BeforeEach
  void open() throws IOException {
    log = folder.resolve("x.log");
    copy = folder.resolve("x.log.1");
    positions = new KeptPositions(folder.resolve("state"), files, faults);
    positions.open();
    newcomers = new Newcomers(files, positions, faults, this::newFollowed, 60_000);
  }

  @AfterEach
  void close() throws IOException {
    files.close();
    positions.close();
  }

  @Test
  void aFileThatWasMissedAmongTheNamedIsFollowedWhenItIsNamed() throws Exception {
    FoundFile old = FoundFile.at(Files.writeString(log, "one\n"));
    try (Content content = Content.of(old)) {
      files.remember(newFollowed(FollowedLines.positionAt(old, 0, content)));
    }
    Files.delete(log);
    FoundFile next = FoundFile.at(Files.writeString(copy, "two\n"));

    newcomers.look(Map.of(), false); // it was renamed while names were listed
    assertThat(files.carried()).isEmpty();
    look(next);
    assertThat(files.carried()).extracting(Followed::file).containsExactly(next);
  }

  @Test
  void theBeginningOfWhatWasCutMeanwhileIsLookedAtAgain() throws Exception {
    // Longer than what is remembered of it.
    byte[] text = "line\n".repeat(4_000).getBytes(StandardCharsets.UTF_8);
    FoundFile original = FoundFile.at(Files.write(log, text));
    look(original);
    positions.save();
    Followed followed = files.carried().get(0);
    while (files.read(followed, false)) {
      // to the end
    }
    FoundFile part = FoundFile.at(Files.write(copy, Arrays.copyOf(text, text.length / 4)));
    Files.write(log, new byte[0]);
    look(part);
    assertThat(files.carried()).containsExactly(followed);

    FoundFile whole = FoundFile.at(Files.write(copy, text));
    look(whole);
    assertThat(files.carried()).containsExactly(followed);
    assertThat(followed.file()).isEqualTo(whole);
  }

  @Test
  void aFileIsNotKeptWaitingByADeletedOneThatBeginsAlike() throws Exception {
    String preamble = "# ".repeat(200) + "\n";
    look(FoundFile.at(Files.writeString(log, preamble + "line\n".repeat(4_000))));
    positions.save();
    Followed old = files.carried().get(0);
    while (files.read(old, false)) {
      // to the end
    }
    Files.delete(log);
    old.seen(null, FileFollower.now());
    FoundFile next = FoundFile.at(Files.writeString(log, preamble + "other\n"));
    look(next);
    assertThat(files.carried()).extracting(Followed::file).contains(next);
  }

  private void look(FoundFile file) throws InterruptedException {
    newcomers.look(Map.of(file.key(), file), false);
  }

  private Followed newFollowed(Position start) {
    Outlet outlet = new Outlet(new MemoryPublisher());
    return new Followed(new FollowedLines(start, 100, outlet, new LineCounts()));
  }
}
