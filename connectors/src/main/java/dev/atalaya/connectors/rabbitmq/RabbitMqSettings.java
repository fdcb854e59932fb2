package dev.atalaya.connectors.rabbitmq;

import dev.atalaya.connectors.Secret;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What is read from RabbitMQ and how the client connects.
 *
 * @param servers {@code host:port} of one or more nodes of one cluster, tried in turn
 * @param virtualHost for example {@code /}
 * @param queues names; each is read by a reader of its own
 * @param declare how the queues are declared, or null to expect that they exist (passive)
 * @param bindings of every queue, made when the job starts; empty for none
 * @param messageId which property of a message tells it from all others
 * @param prefetch messages a reader may have delivered and not yet acknowledged; they are
 *     acknowledged per checkpoint, so prefetch / checkpoint interval is the highest rate of a queue
 * @param heartbeatMillis after about two of which without a sign of life a connection is dead
 * @param tls null for plain text
 */
public record RabbitMqSettings(
    List<String> servers,
    String virtualHost,
    String username,
    Secret password,
    List<String> queues,
    Declare declare,
    List<Binding> bindings,
    MessageId messageId,
    int prefetch,
    long heartbeatMillis,
    Tls tls)
    implements Serializable {

  /** The property that makes each message counted once; without one it is at least once. */
  public enum MessageId {
    NONE,
    CORRELATION_ID,
    MESSAGE_ID
  }

  /**
   * @param durable whether the queue survives a restart of the broker
   * @param arguments such as {@code x-queue-type: quorum}
   */
  public record Declare(boolean durable, Map<String, String> arguments) implements Serializable {}

  /**
   * @param routingKeys as the exchange understands them, wildcards included
   */
  public record Binding(String exchange, List<String> routingKeys) implements Serializable {}

  /**
   * @param caFile PEM certificates to trust, or null for the machine's own
   * @param certFile PEM client certificate, or null
   * @param keyFile PEM client key, or null
   */
  public record Tls(String caFile, String certFile, String keyFile) implements Serializable {}
}
