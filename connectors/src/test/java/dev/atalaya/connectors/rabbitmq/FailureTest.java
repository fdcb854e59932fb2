package dev.atalaya.connectors.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;
import dev.atalaya.connectors.Secret;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.MessageId;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of the broker's own words. */
class FailureTest {

  private static final RabbitMqSettings SETTINGS =
      new RabbitMqSettings(
          List.of("b:5672"),
          "v",
          "u",
          new Secret("p"),
          List.of("q"),
          null,
          List.of(),
          MessageId.NONE,
          10,
          10_000,
          null);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 | NOT_FOUND - no queue 'q' in vhost 'v' | has no such queue (queues, or",
        "404 | NOT_FOUND - no exchange 'no queue' in vhost 'v' | has no such exchange (bindings)",
        "406 | PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'q' | other properties than declare says",
        "406 | PRECONDITION_FAILED - message size 134217729 is larger than configured max size 134217728 | takes no message as large as this one",
        "406 | PRECONDITION_FAILED - invalid arg 'x-max-length' for queue 'q' | \"v\", refuses this: PRECONDITION_FAILED - invalid arg",
      })
  void aChannelIsClosedForAReason(int code, String text, String told) {
    Failure failure = channel(code, text);
    assertThat(failure.isRefusal()).isTrue();
    assertThat(failure.message()).contains(told).endsWith(": " + text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NOT_FOUND - home node 'rabbit@a' of durable queue 'q' in vhost 'v' is down or inaccessible",
        "NOT_FOUND - queue 'no queue' in vhost 'v' process is stopped by supervisor",
      })
  void aQueueOnANodeThatIsDownIsWaitedFor(String text) {
    assertThat(channel(404, text).isRefusal()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NOT_ALLOWED - vhost rate-limits not found | true",
        "NOT_ALLOWED - access to vhost 'limits' refused for user 'u' | true",
        "NOT_ALLOWED - access to vhost 'v' refused for user 'u': connection limit (10) is reached | false",
        "NOT_ALLOWED - connection refused for user 'u': user connection limit (10) is reached | false",
      })
  void aConnectionLimitHealsAndAClosedVirtualHostDoesNot(String text, boolean refusal) {
    Method close =
        new AMQP.Connection.Close.Builder()
            .replyCode(530)
            .replyText(text)
            .classId(0)
            .methodId(0)
            .build();
    assertThat(failure(true, close).isRefusal()).isEqualTo(refusal);
  }

  private static Failure channel(int code, String text) {
    return failure(
        false,
        new AMQP.Channel.Close.Builder()
            .replyCode(code)
            .replyText(text)
            .classId(0)
            .methodId(0)
            .build());
  }

  private static Failure failure(boolean connection, Method close) {
    ShutdownSignalException signal = new ShutdownSignalException(connection, false, close, null);
    return new Failure(SETTINGS, "b:5672", new IOException(signal));
  }
}
