package dev.atalaya.capture.follow;

import dev.atalaya.capture.publish.Publisher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Follows files until it is killed, for a test: {@code GLOB STATE OUT}. Each event goes to a file
 * as its id, a tab and its text, and is confirmed some time later, in any order.
 */
final class FollowerProcess {

  private FollowerProcess() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    FollowSettings settings =
        new FollowSettings(List.of(args[0]), Path.of(args[1]), false, 1 << 16);
    FileFollower.Pace pace = new FileFollower.Pace(2, 5, 300);
    new FileFollower(settings, new FilePublisher(Path.of(args[2])), pace).start();
    Thread.currentThread().join();
  }

  private static final class FilePublisher implements Publisher {

    private final FileChannel out;
    private final Random random = new Random(3);
    private final AtomicLong published = new AtomicLong();

    FilePublisher(Path file) throws IOException {
      out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
    }

    @Override
    public CompletableFuture<Void> publish(String id, byte[] event) {
      String line = id + "\t" + new String(event, StandardCharsets.UTF_8) + "\n";
      try {
        out.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      published.incrementAndGet();
      return new CompletableFuture<Void>()
          .completeOnTimeout(null, random.nextInt(50), TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean isFull() {
      return false;
    }

    @Override
    public boolean awaitRoom(long millis) {
      return true;
    }

    @Override
    public boolean isAway() {
      return false;
    }

    @Override
    public Counts counts() {
      return new Counts(published.get(), published.get(), 0, 0);
    }

    @Override
    public void close() {
      // It is killed.
    }
  }
}
