package dev.atalaya.capture.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.capture.MemoryPublisher;
import dev.atalaya.capture.publish.Outlet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewcomersTest {

  @TempDir Path folder;

  @Test
  void aFileThatWasMissedAmongTheNamedIsFollowedWhenItIsNamed() throws Exception {
    ReadFaults faults = new ReadFaults("test");
    FollowedFiles files = new FollowedFiles(FollowedLines.buffer(100), faults);
    try (KeptPositions positions = new KeptPositions(folder.resolve("state"), files, faults)) {
      positions.open();
      Newcomers newcomers = new Newcomers(files, positions, faults, this::newFollowed, 60_000);
      Path log = Files.writeString(folder.resolve("x.log"), "one\n");
      FoundFile old = FoundFile.at(log);
      try (Content content = Content.of(old)) {
        files.remember(newFollowed(FollowedLines.positionAt(old, 0, content)));
      }
      Files.delete(log);
      FoundFile next = FoundFile.at(Files.writeString(folder.resolve("x.log.1"), "two\n"));

      newcomers.look(new HashMap<>(), false); // it was renamed while names were listed
      assertThat(files.carried()).isEmpty();
      newcomers.look(new HashMap<>(Map.of(next.key(), next)), false);
      assertThat(files.carried()).extracting(Followed::file).containsExactly(next);
    }
  }

  private Followed newFollowed(Position start) {
    Outlet outlet = new Outlet(new MemoryPublisher());
    return new Followed(new FollowedLines(start, 100, outlet, new LineCounts()));
  }
}
