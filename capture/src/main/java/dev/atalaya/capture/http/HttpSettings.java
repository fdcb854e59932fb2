package dev.atalaya.capture.http;

import dev.atalaya.connectors.Secret;
import java.io.Serializable;
import java.util.List;

/**
 * How events are taken over HTTP.
 *
 * @param bind an address of this machine, {@code 0.0.0.0} for all
 * @param port 0 for a free one
 * @param tls null for plain text
 * @param keys who may send; empty for everybody who can connect
 * @param idField the field of an event that tells it from all others, or null
 * @param maxBodyBytes of a request, as sent and once more inflated
 * @param maxConnections at a time
 * @param requestMillis for a client to send a request whole
 * @param confirmMillis for the queue to confirm one
 */
public record HttpSettings(
    String bind,
    int port,
    Tls tls,
    List<Key> keys,
    String idField,
    int maxBodyBytes,
    int maxConnections,
    long requestMillis,
    long confirmMillis)
    implements Serializable {

  /**
   * @param certFile PEM, the chain of the server
   * @param keyFile PEM, PKCS #8, not encrypted
   */
  public record Tls(String certFile, String keyFile) implements Serializable {}

  /**
   * A value of {@code IDENTITY_KEY}.
   *
   * @param providers of Sentilo that it may send for, and nothing else; empty for everything
   */
  public record Key(Secret value, List<String> providers) implements Serializable {}
}
