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

  private final MemoryPublisher queue = new MemoryPublisher();
  private final byte[] buffer = FollowedLines.buffer(100);

  @Test
  void noLineIsHandedOnOfABeginningThatIsNotKept() throws Exception {
    Path log = Files.writeString(folder.resolve("x.log"), "line ");
    FoundFile file = FoundFile.at(log);
    try (Content content = Content.of(file)) {
      FollowedLines lines = lines(FollowedLines.positionAt(file, 0, content));
      assertThat(lines.resume(file, content)).isTrue();
      Files.writeString(log, "line 1\n"); // between a look and the next

      assertThat(lines.read(content, buffer, false)).isEqualTo(Outcome.UNKEPT);
      assertThat(queue.events()).isEmpty();
      assertThat(lines.position().headLength()).isEqualTo("line 1\n".length());

      assertThat(lines.read(content, buffer, false)).isEqualTo(Outcome.READ);
      assertThat(queue.events()).containsExactly("line 1");
    }
  }

  @Test
  void whatWasWrittenAnewSinceItWasFoundIsNotTakenUp() throws Exception {
    Path log = Files.writeString(folder.resolve("x.log"), "line 1\nline 2\n");
    FoundFile file = FoundFile.at(log);
    try (Content content = Content.of(file)) {
      FollowedLines unread = lines(FollowedLines.positionAt(file, 0, content));
      FollowedLines half = lines(FollowedLines.positionAt(file, 7, content));
      Files.writeString(log, "line 3\nline 2\n");
      assertThat(unread.resume(file, content)).isFalse();
      assertThat(half.resume(file, content)).isFalse();

      Files.writeString(log, "line 1\nline 2\n");
      assertThat(unread.resume(file, content)).isTrue();
      assertThat(half.resume(file, content)).isTrue();
      assertThat(half.read(content, buffer, false)).isEqualTo(Outcome.READ);
      assertThat(queue.events()).containsExactly("line 2");
    }
  }

  private FollowedLines lines(Position start) {
    return new FollowedLines(start, 100, new Outlet(queue), new LineCounts());
  }
}
