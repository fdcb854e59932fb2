package dev.atalaya.connectors.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class QueueArgumentsTest {

  @Test
  void givesTheBrokerTheTypesItCompares() {
    assertThat(
            QueueArguments.typed(
                Map.of(
                    "x-queue-type", "quorum",
                    "x-max-length", "1000000",
                    "x-single-active-consumer", "true",
                    "x-dead-letter-routing-key", "17",
                    "x-overflow", "reject-publish")))
        .isEqualTo(
            Map.of(
                "x-queue-type", "quorum",
                "x-max-length", 1_000_000L,
                "x-single-active-consumer", true,
                "x-dead-letter-routing-key", "17",
                "x-overflow", "reject-publish"));
  }
}
