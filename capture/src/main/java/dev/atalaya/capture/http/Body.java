package dev.atalaya.capture.http;

import dev.atalaya.connectors.files.GzipInput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Promise;

/**
 * Reads the bodies of requests, of a bounded size each and all together.
 *
 * <p>Thread-safe.
 */
final class Body {

  /** Of all bodies that are being read or wait for the queue. */
  private static final long MAX_BYTES_AT_ONCE = 64L << 20;

  private final int maxBytes;
  private final long requestMillis;
  private final AtomicLong bytesAtOnce = new AtomicLong();

  Body(int maxBytes, long requestMillis) {
    this.maxBytes = maxBytes;
    this.requestMillis = requestMillis;
  }

  /**
   * The body as sent. Room for it is reserved until the request has been answered.
   *
   * @return fails with a {@link RefusedException} when there is more than is allowed, and with a
   *     {@link java.util.concurrent.TimeoutException} when it takes too long
   * @throws RefusedException when it is not to be read: too large, no room now, another encoding
   */
  CompletableFuture<byte[]> read(Request request) throws RefusedException {
    String encoding = request.getHeaders().get(HttpHeader.CONTENT_ENCODING);
    if (encoding != null && !isGzip(request) && !encoding.equalsIgnoreCase("identity")) {
      throw new RefusedException(415, "Content-Encoding must be gzip or identity");
    }
    long length = request.getLength();
    if (length > maxBytes) {
      throw tooLarge();
    }
    // Of what comes in pieces, and of what grows when it is inflated, as much as may come.
    long bytes = length < 0 || isGzip(request) ? maxBytes : length;
    if (bytesAtOnce.addAndGet(bytes) > MAX_BYTES_AT_ONCE) {
      bytesAtOnce.addAndGet(-bytes);
      throw new RefusedException(429, "too many bodies at once");
    }
    Request.addCompletionListener(request, failure -> bytesAtOnce.addAndGet(-bytes));
    CompletableFuture<byte[]> whole = new CompletableFuture<>();
    Content.Source.asByteArrayAsync(request, maxBytes, Promise.Invocable.toPromise(whole));
    return whole
        .orTimeout(requestMillis, TimeUnit.MILLISECONDS)
        .exceptionally(
            failure -> {
              Throwable cause =
                  failure instanceof CompletionException ? failure.getCause() : failure;
              // What Jetty says when there is more than was asked for.
              throw new CompletionException(
                  cause instanceof IllegalStateException ? tooLarge() : cause);
            });
  }

  /**
   * What a body holds.
   *
   * @throws RefusedException when that is more than is allowed, or damaged
   */
  byte[] inflated(Request request, byte[] body) throws RefusedException {
    if (!isGzip(request)) {
      return body;
    }
    try (InputStream in = new GzipInput(new ByteArrayInputStream(body))) {
      byte[] inflated = in.readNBytes(maxBytes + 1);
      if (inflated.length > maxBytes) {
        throw tooLarge();
      }
      return inflated;
    } catch (IOException e) {
      throw new RefusedException(400, "the body is not gzip from its first byte to its last");
    }
  }

  private RefusedException tooLarge() {
    return new RefusedException(413, "a body has at most " + maxBytes + " bytes, also inflated");
  }

  private static boolean isGzip(Request request) {
    return "gzip".equalsIgnoreCase(request.getHeaders().get(HttpHeader.CONTENT_ENCODING));
  }
}
