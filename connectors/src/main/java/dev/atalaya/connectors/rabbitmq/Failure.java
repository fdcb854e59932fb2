package dev.atalaya.connectors.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;
import dev.atalaya.connectors.TlsFault;
import java.net.ConnectException;
import java.net.UnknownHostException;
import org.apache.flink.util.ExceptionUtils;

/**
 * Why a server could not be used, in one sentence, and whether waiting can heal that: a server that
 * is away or still starting comes back, a wrong password stays wrong.
 */
final class Failure {

  /** Of a virtual host, a user or a node; the number follows. */
  private static final String CONNECTION_LIMIT = " connection limit (";

  private final RabbitMqSettings settings;
  private final String server;
  private final String refusal;
  private final String message;

  Failure(RabbitMqSettings settings, String server, Exception cause) {
    this.settings = settings;
    this.server = server;
    this.refusal = refusal(cause);
    this.message = refusal != null ? refusal : "RabbitMQ at " + server + ": " + outage(cause);
  }

  boolean isRefusal() {
    return refusal != null;
  }

  String message() {
    return message;
  }

  private String refusal(Exception cause) {
    if (has(cause, AuthenticationFailureException.class)) {
      return at()
          + " refused the password of user \""
          + settings.username()
          + "\", or does not"
          + " know the user (username, password)";
    }
    Method close =
        ExceptionUtils.findThrowable(cause, ShutdownSignalException.class)
            .map(ShutdownSignalException::getReason)
            .orElse(null);
    if (close instanceof AMQP.Connection.Close connection) {
      return ofConnection(connection.getReplyCode(), connection.getReplyText());
    }
    if (close instanceof AMQP.Channel.Close channel) {
      return ofChannel(channel.getReplyCode(), channel.getReplyText());
    }
    return TlsFault.isIn(cause)
        ? at() + " cannot be reached by TLS: " + TlsFault.describe(cause, "servers", "tls")
        : null;
  }

  private String ofConnection(int code, String text) {
    return code == AMQP.NOT_ALLOWED && !text.contains(CONNECTION_LIMIT)
        ? at()
            + " does not let user \""
            + settings.username()
            + "\" into virtual host \""
            + settings.virtualHost()
            + "\" (virtual-host, username): "
            + text
        : null;
  }

  private String ofChannel(int code, String text) {
    String there = at() + ", virtual host \"" + settings.virtualHost() + "\"";
    return switch (code) {
      // Another not-found is of a queue whose node is down.
      case AMQP.NOT_FOUND ->
          text.startsWith("NOT_FOUND - no queue ")
              ? there + ", has no such queue (queues, or let the job make it with declare): " + text
              : text.startsWith("NOT_FOUND - no exchange ")
                  ? there + ", has no such exchange (bindings): " + text
                  : null;
      case AMQP.ACCESS_REFUSED ->
          there + ", does not permit this to user \"" + settings.username() + "\": " + text;
      case AMQP.PRECONDITION_FAILED -> there + precondition(text) + ": " + text;
      default -> null;
    };
  }

  private static String precondition(String text) {
    if (text.contains("inequivalent arg")) {
      return ", has the queue with other properties than declare says; make declare equal, leave it"
          + " out, or delete the queue";
    }
    return text.contains("message size")
        ? ", takes no message as large as this one"
        : ", refuses this";
  }

  private String outage(Exception cause) {
    if (has(cause, UnknownHostException.class)) {
      return "the host is not known (servers)";
    }
    boolean mayMissCertificate =
        settings.tls() != null
            && settings.tls().certFile() == null
            && !has(cause, ConnectException.class);
    // The broker says so, but the end of the connection may overtake what it says.
    return rootMessage(cause)
        + (mayMissCertificate ? "; or does it want a certificate of the client (tls.cert)?" : "");
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String name = root.getClass().getSimpleName();
    return root.getMessage() == null ? name : name + ": " + root.getMessage();
  }

  private String at() {
    return "RabbitMQ at " + server;
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
    return ExceptionUtils.findThrowable(failure, kind).isPresent();
  }
}
