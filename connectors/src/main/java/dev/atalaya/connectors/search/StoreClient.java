package dev.atalaya.connectors.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.PemFile;
import dev.atalaya.connectors.search.SearchSettings.ApiKey;
import dev.atalaya.connectors.search.SearchSettings.Basic;
import dev.atalaya.connectors.search.SearchSettings.Login;
import dev.atalaya.connectors.search.SearchSettings.Tls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.FlinkRuntimeException;

/**
 * Sends requests to a store; follows no redirect, keeps no cookie. Every request goes to one node;
 * when that one cannot be reached the next request goes to the next.
 *
 * <p>Memory: an answer has at most {@link #MAX_ANSWER_BYTES}; a longer one counts as none.
 *
 * <p>Thread-safe.
 */
public final class StoreClient {

  /** Of the largest batch, 10,000 documents, all of them refused with long reasons. */
  static final int MAX_ANSWER_BYTES = 32 << 20;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final List<String> urls;
  private final String authorization;
  private final long timeoutMillis;
  private final HttpClient http;

  /** Counts on without end; the node is what remains of the division by their number. */
  private final AtomicInteger turn = new AtomicInteger();

  /**
   * What a store answered, whatever it was.
   *
   * @param body as it came; empty when there was none
   */
  public record Answer(int status, String body) {

    public boolean isSuccess() {
      return status / 100 == 2;
    }

    /** What the store gave as a reason, bounded, or the beginning of whatever it said. */
    public String reason() {
      return StoreFailures.reason(this);
    }
  }

  /**
   * Nothing is connected here.
   *
   * @throws BrokerRefusedException when {@code tls.ca} cannot be read, or {@code api-key} not sent
   */
  public StoreClient(SearchSettings settings) {
    urls = settings.urls().stream().map(url -> url.replaceAll("/+$", "")).toList();
    authorization = authorization(settings.login());
    timeoutMillis = settings.timeoutMillis();
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .sslParameters(new SSLParameters(null, PROTOCOLS));
    if (settings.tls() != null) {
      builder.sslContext(context(settings.tls()));
    }
    http = builder.build();
  }

  private static String authorization(Login login) {
    if (login instanceof Basic basic) {
      String pair = basic.username() + ":" + basic.password().value();
      return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }
    if (login instanceof ApiKey key) {
      String encoded = key.encoded().value();
      if (!ApiKey.isEncoded(encoded)) {
        // The HTTP client would say so too, and show it.
        throw new BrokerRefusedException("api-key holds what no header can", null);
      }
      return "ApiKey " + encoded;
    }
    return null;
  }

  private static SSLContext context(Tls tls) {
    try {
      TrustManager trust =
          tls.caFile() != null
              ? TrustByFingerprint.trusting(PemFile.authorities(tls.caFile()))
              : new TrustByFingerprint(tls.fingerprint());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new BrokerRefusedException("TLS cannot be set up (tls): " + e.getMessage(), e);
    }
  }

  /** The node that the next request goes to. */
  String url() {
    return url(turn.get());
  }

  private String url(int turn) {
    return urls.get(Math.floorMod(turn, urls.size()));
  }

  /**
   * Sends one request. Cancelling the future ends the exchange.
   *
   * @param path from the store's root, beginning with a slash
   * @param contentType or null, without a body
   * @param body or null
   * @return completes exceptionally with an {@link java.io.IOException} when no whole answer came
   *     in time
   */
  public CompletableFuture<Answer> send(
      String method, String path, String contentType, byte[] body) {
    int mine = turn.get();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url(mine) + path))
            .method(
                method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
            .setHeader("Accept", "application/json");
    if (contentType != null) {
      request.setHeader("Content-Type", contentType);
    }
    if (authorization != null) {
      request.setHeader("Authorization", authorization);
    }
    CompletableFuture<HttpResponse<String>> exchange =
        http.sendAsync(request.build(), info -> new BoundedText(MAX_ANSWER_BYTES));
    CompletableFuture<Answer> result = new CompletableFuture<>();
    CompletableFuture<?> unused =
        exchange.whenComplete(
            (response, failure) -> {
              if (failure == null) {
                result.complete(new Answer(response.statusCode(), response.body()));
              } else {
                result.completeExceptionally(asIo(failure));
              }
            });
    // The request's own timeout would end with the headers.
    CompletableFuture<Answer> answered =
        result
            .orTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
            .handle(
                (answer, failure) -> {
                  if (failure != null || isNodeAway(answer)) {
                    turn.compareAndSet(mine, mine + 1);
                  }
                  if (failure == null) {
                    return answer;
                  }
                  throw new CompletionException(
                      failure instanceof TimeoutException
                          ? new HttpTimeoutException(
                              "no whole answer within " + timeoutMillis + " ms (timeout)")
                          : failure);
                });
    unused =
        answered.whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                exchange.cancel(true);
              }
            });
    return answered;
  }

  /** What a proxy says of a node, or a node of a store that it has lost. */
  private static boolean isNodeAway(Answer answer) {
    return answer.status() >= 502 && answer.status() <= 504;
  }

  private static IOException asIo(Throwable failure) {
    Throwable cause = ExceptionUtils.stripCompletionException(failure);
    return cause instanceof IOException io ? io : new IOException(cause);
  }

  /**
   * Sends one request with a JSON body and waits for the answer, trying each node once.
   *
   * @param json or null
   * @throws dev.atalaya.connectors.BrokerRefusedException on 401 and 403, and when TLS does not
   *     like the certificate
   * @throws org.apache.flink.util.FlinkRuntimeException when no node answers
   */
  public Answer ask(String method, String path, String json) {
    FlinkRuntimeException failure = null;
    for (String unused : urls) {
      String url = url();
      try {
        byte[] body = json == null ? null : json.getBytes(UTF_8);
        Answer answer = send(method, path, json == null ? null : "application/json", body).get();
        if (answer.status() == 401 || answer.status() == 403) {
          throw StoreFailures.refused(answer, url, method + " " + path);
        }
        return answer;
      } catch (ExecutionException e) {
        failure = StoreFailures.explained(e.getCause(), url);
        if (failure instanceof BrokerRefusedException) {
          throw failure;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new FlinkRuntimeException(e);
      }
    }
    throw failure;
  }
}
