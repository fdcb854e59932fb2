package dev.atalaya.dashboard.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atalaya.dashboard.history.History;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PollingTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void tellsWhatIsWrongAndHeals() {
    FailingFollower follower = new FailingFollower();
    follower.start();
    await().atMost(SOON).until(() -> follower.polls > 2);
    assertThat(follower.state())
        .isEqualTo(new Follower.State("files", "x", false, "the disk is gone", null));
    follower.isBroken = false;
    await().atMost(SOON).until(() -> follower.state().isHealthy());
    follower.close();
    assertThat(follower.disconnects).isGreaterThan(2);
  }

  @Test
  void anErrorDoesNotEndIt() {
    FailingFollower follower = new FailingFollower();
    follower.error = new NoClassDefFoundError("gone");
    follower.start();
    await().atMost(SOON).until(() -> follower.polls > 1);
    assertThat(follower.state().message()).isEqualTo("java.lang.NoClassDefFoundError: gone");
    follower.error = null;
    follower.isBroken = false;
    await().atMost(SOON).until(() -> follower.state().isHealthy());
    follower.close();
  }

  @Test
  void canBeClosedWhileItWaitsAndBeforeItBegan() {
    FailingFollower waiting = new FailingFollower();
    waiting.start();
    await().atMost(SOON).until(() -> waiting.polls > 0);
    waiting.close();
    int polls = waiting.polls;
    new FailingFollower().close();
    assertThat(waiting.polls).isEqualTo(polls);
  }

  private static final class FailingFollower extends Polling {
    volatile boolean isBroken = true;
    volatile Error error;
    volatile int polls;
    volatile int disconnects;

    FailingFollower() {
      super(new History(1, 1), "files", "x", 1);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread
    boolean poll() throws IOException {
      polls++;
      if (error != null) {
        throw error;
      }
      if (isBroken) {
        throw new IOException("the disk is gone");
      }
      return false;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void disconnect() {
      disconnects++;
    }
  }
}
