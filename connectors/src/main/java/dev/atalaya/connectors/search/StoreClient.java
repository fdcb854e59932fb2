package dev.atalaya.connectors.search;

import java.util.concurrent.CompletableFuture;

/**
 * Sends requests to a store; follows no redirect, keeps no cookie. Every request goes to one node;
 * when that one cannot be reached the next request goes to the next.
 *
 * <p>Thread-safe.
 */
public final class StoreClient {

  /**
   * What a store answered, whatever it was.
   *
   * @param body as it came; empty when there was none
   */
  public record Answer(int status, String body) {

    public boolean isSuccess() {
      return status / 100 == 2;
    }
  }

  public StoreClient(SearchSettings settings) {
    throw new UnsupportedOperationException();
  }

  /**
   * Sends one request.
   *
   * @param path from the store's root, beginning with a slash
   * @param body or null
   * @return completes exceptionally with an {@link java.io.IOException} when no whole answer came
   *     in time
   */
  public CompletableFuture<Answer> send(
      String method, String path, String contentType, byte[] body) {
    throw new UnsupportedOperationException();
  }

  /**
   * Sends one request with a JSON body and waits for the answer.
   *
   * @param json or null
   * @throws dev.atalaya.connectors.BrokerRefusedException on 401 and 403, and when TLS does not
   *     like the certificate
   * @throws org.apache.flink.util.FlinkRuntimeException when no node answers
   */
  public Answer ask(String method, String path, String json) {
    throw new UnsupportedOperationException();
  }
}
