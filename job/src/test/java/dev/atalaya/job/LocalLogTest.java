package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import org.apache.logging.log4j.core.LoggerContext;
import org.junit.jupiter.api.Test;

/** What a run on one machine tells on standard error: see {@code log4j2-local.xml}. */
class LocalLogTest {

  @Test
  void whatCaptureRejectsOrCannotReadIsTold() throws URISyntaxException {
    try (LoggerContext context =
        new LoggerContext("local", null, getClass().getResource("/log4j2-local.xml").toURI())) {
      context.start();
      assertThat(context.getLogger("dev.atalaya.capture.udp.UdpListener").isWarnEnabled()).isTrue();
      assertThat(context.getLogger("dev.atalaya.capture.flow.FlowEvents").isWarnEnabled()).isTrue();
      // The command tells itself when the queue is away.
      assertThat(context.getLogger("dev.atalaya.capture.publish.QueuePublisher").isWarnEnabled())
          .isFalse();
      assertThat(context.getLogger("org.apache.flink").isWarnEnabled()).isFalse();
    }
  }
}
