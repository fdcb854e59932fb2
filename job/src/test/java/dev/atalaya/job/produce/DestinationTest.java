package dev.atalaya.job.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atalaya.job.config.ConfigLoader;
import dev.atalaya.job.config.SourceConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DestinationTest {

  private static SourceConfig source(String yaml) {
    return ConfigLoader.parse(
            "source: "
                + yaml
                + "\n"
                + """
                format: { lines: {} }
                detectors: [ { name: d, key: [line], hitters: { count: 1 } } ]
                """,
            "test.yaml",
            Map.of())
        .source();
  }

  private static final String ONE_TOPIC = "{ kafka: { servers: 'a:1', topics: [t] } }";
  private static final String TWO_TOPICS = "{ kafka: { servers: 'a:1', topics: [t, u] } }";
  private static final String PATTERN = "{ kafka: { servers: 'a:1', topic-pattern: 't.*' } }";
  private static final String ONE_QUEUE =
      "{ rabbitmq: { servers: ['a:1'], queues: [q], prefetch: 9, username: u, password: p } }";
  private static final String TWO_QUEUES =
      "{ rabbitmq: { servers: ['a:1'], queues: [q, r], prefetch: 9, username: u, password: p } }";

  @Test
  void theOnlyOneNeedsNoName() {
    assertThat(Destination.of(source(ONE_TOPIC), null).name()).isEqualTo("t");
    assertThat(Destination.of(source(ONE_QUEUE), null).name()).isEqualTo("q");
  }

  @Test
  void oneOfSeveralIsNamed() {
    assertThat(Destination.of(source(TWO_TOPICS), "u").name()).isEqualTo("u");
    assertThat(Destination.of(source(TWO_QUEUES), "r").name()).isEqualTo("r");
    assertThat(Destination.of(source(PATTERN), "tea").name()).isEqualTo("tea");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        TWO_TOPICS + "|     | --topic: name one that the job reads: t, u",
        TWO_TOPICS + "| v   | --topic: name one that the job reads: t, u",
        ONE_TOPIC + " | u   | --topic: name one that the job reads: t",
        PATTERN + "   |     | --topic: name one that the job reads, like t.*",
        PATTERN + "   | sea | --topic: name one that the job reads, like t.*",
        TWO_QUEUES + "|     | --queue: name one that the job reads: q, r",
      },
      quoteCharacter = '~')
  void whatTheJobDoesNotReadIsRefused(String yaml, String wanted, String message) {
    SourceConfig source = source(yaml);
    assertThatThrownBy(() -> Destination.of(source, wanted))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void filesAreRefused() {
    SourceConfig source = new SourceConfig.Files("in", 0);
    assertThatThrownBy(() -> Destination.of(source, null))
        .hasMessage("source.files is no broker: events go into Kafka or RabbitMQ");
  }
}
