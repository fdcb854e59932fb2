package dev.atalaya.connectors.kafka;

import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.TlsFault;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.apache.kafka.common.protocol.Errors;

/** What the Kafka client's exceptions mean for whoever wrote the settings. */
final class KafkaFailures {

  private KafkaFailures() {}

  /**
   * The failure in one sentence that names the brokers and the settings to look at.
   *
   * @param wanted what was asked for, such as {@code topics [flows]}
   * @return a {@link BrokerRefusedException} when trying again changes nothing
   */
  static RuntimeException explained(Throwable failure, String servers, String wanted) {
    String refusal = refusal(failure, wanted);
    if (refusal != null) {
      return new BrokerRefusedException("Kafka at " + servers + " " + refusal, failure);
    }
    return new FlinkRuntimeException(
        "Kafka at "
            + servers
            + (has(failure, TimeoutException.class)
                ? " did not answer in time: is it running there (servers), and is security set as"
                    + " it expects (security.protocol)?"
                : " could not be asked for " + wanted + ": " + TlsFault.innermost(failure)),
        failure);
  }

  /** Null when it was not the broker that said no. */
  private static String refusal(Throwable failure, String wanted) {
    if (has(failure, UnknownTopicOrPartitionException.class)) {
      return "does not have all of " + wanted;
    }
    if (has(failure, UnsupportedSaslMechanismException.class)) {
      return "does not know the mechanism (security.mechanism)";
    }
    if (has(failure, SaslAuthenticationException.class)) {
      return "refused the user name or password (security.username, security.password)";
    }
    if (has(failure, SslAuthenticationException.class)) {
      return "cannot be reached by TLS: " + TlsFault.describe(failure, "servers", "security");
    }
    if (has(failure, AuthorizationException.class)) {
      return "does not let this user (security.username) have " + wanted;
    }
    // The producer keeps this sentence and drops the kind.
    if (says(failure, Errors.INVALID_TRANSACTION_TIMEOUT.message())) {
      return "allows no transaction as long as transaction-timeout: lower it, or raise"
          + " transaction.max.timeout.ms there";
    }
    return null;
  }

  private static boolean says(Throwable failure, String words) {
    return ExceptionUtils.findThrowableWithMessage(failure, words).isPresent();
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
    return ExceptionUtils.findThrowable(failure, kind).isPresent();
  }
}
