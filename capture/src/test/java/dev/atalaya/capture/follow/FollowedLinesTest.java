package dev.atalaya.capture.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.capture.MemoryPublisher;
import dev.atalaya.capture.follow.FollowedLines.Outcome;
import dev.atalaya.capture.publish.Outlet;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowedLinesTest {

  @TempDir Path folder;

  @Test
  void noLineIsHandedOnOfABeginningThatIsNotKept() throws Exception {
    Path log = Files.writeString(folder.resolve("x.log"), "line ");
    FoundFile file = FoundFile.at(log);
    MemoryPublisher queue = new MemoryPublisher();
    byte[] buffer = FollowedLines.buffer(100);
    try (Content content = Content.of(file)) {
      Position start = FollowedLines.positionAt(file, 0, content);
      FollowedLines lines = new FollowedLines(start, 100, new Outlet(queue), new LineCounts());
      lines.resume(file, content);
      Files.writeString(log, "line 1\n"); // between a look and the next

      assertThat(lines.read(content, buffer, false)).isEqualTo(Outcome.UNKEPT);
      assertThat(queue.events()).isEmpty();
      assertThat(lines.position().headLength()).isEqualTo("line 1\n".length());

      assertThat(lines.read(content, buffer, false)).isEqualTo(Outcome.READ);
      assertThat(queue.events()).containsExactly("line 1");
    }
  }
}
