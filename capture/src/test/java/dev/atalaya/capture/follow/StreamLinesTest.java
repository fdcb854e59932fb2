package dev.atalaya.capture.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atalaya.capture.MemoryPublisher;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StreamLinesTest {

  private static final int MAX = 1_000;

  private final MemoryPublisher queue = new MemoryPublisher();

  @Test
  void eachLineAndTheLastWithoutItsEnd() {
    StreamLines lines = read(in("one\ntwo\r\n\n\r\nthree"));
    assertThat(queue.events()).containsExactly("one", "two", "three");
    assertThat(queue.byId()).hasSize(3);
    assertThat(lines.counts()).containsEntry("lines", 3L).containsEntry("empty", 2L);
  }

  @Test
  void moreThanABufferOfThem() {
    List<String> expected = IntStream.range(0, 100_000).mapToObj(i -> "line " + i).toList();
    read(in(String.join("\n", expected)));
    assertThat(queue.events()).isEqualTo(expected);
  }

  @Test
  void nothing() {
    assertThat(read(in("")).counts()).containsEntry("lines", 0L);
  }

  @Test
  void ofALineThatIsTooLongTheBeginningIsTaken() {
    String exact = "b".repeat(MAX);
    StreamLines lines = read(in("a".repeat(2_000_000) + "\n" + exact + "\n" + exact + "c\nd"));
    assertThat(queue.events()).containsExactly("a".repeat(MAX), exact, exact, "d");
    assertThat(lines.counts()).containsEntry("oversize", 2L);
  }

  @Test
  void aLineComesWhenItHasItsEnd() throws IOException {
    try (PipedOutputStream out = new PipedOutputStream();
        StreamLines lines = start(new PipedInputStream(out))) {
      out.write("one\nt".getBytes(StandardCharsets.UTF_8));
      out.flush();
      await().until(() -> queue.events().equals(List.of("one")));
      assertThat(lines.isDone()).isFalse();
      out.write("wo\n".getBytes(StandardCharsets.UTF_8));
      out.flush();
      await().until(() -> queue.events().equals(List.of("one", "two")));
    }
  }

  @Test
  void aStreamThatBreaksOffIsDone() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("broken");
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            return read();
          }
        };
    read(new SequenceInputStream(in("one\ntwo"), broken));
    assertThat(queue.events()).containsExactly("one");
  }

  private static InputStream in(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private StreamLines read(InputStream in) {
    StreamLines lines = start(in);
    await().atMost(Duration.ofSeconds(30)).until(lines::isDone);
    return lines;
  }

  private StreamLines start(InputStream in) {
    StreamLines lines = new StreamLines("stdin", in, MAX, queue);
    lines.start();
    return lines;
  }
}
