package dev.atalaya.capture.http;

import dev.atalaya.capture.Meters;
import dev.atalaya.capture.publish.Publisher;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every request: who asks for what, and what becomes of the events in it. */
final class Front extends Handler.Abstract {

  private static final Logger LOG = LoggerFactory.getLogger(Front.class);

  private static final String IDENTITY_KEY = "IDENTITY_KEY";
  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String JSON = "application/json";

  /** A form of a web page can send none of them. */
  private static final List<String> JSON_TYPES =
      List.of(JSON, "application/x-ndjson", "application/ndjson", "application/jsonl");

  private final Deadlines deadlines;
  private final IdentityKeys keys;
  private final Handover handover;
  private final Body bodies;
  private final JsonEvents json;
  private final SentiloEvents sentilo = new SentiloEvents();
  private final Publisher publisher;
  private final Meters meters;
  private final Map<Integer, LongAdder> answers = new ConcurrentHashMap<>();

  Front(HttpSettings settings, Publisher publisher, Meters meters, Deadlines deadlines) {
    this.deadlines = deadlines;
    this.publisher = publisher;
    this.meters = meters;
    keys = new IdentityKeys(settings.keys());
    handover = new Handover(publisher, settings.confirmMillis(), meters);
    bodies = new Body(settings.maxBodyBytes(), settings.requestMillis());
    json = new JsonEvents(settings.idField());
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    deadlines.begun(request);
    try {
      answer(request, response, callback);
    } catch (RefusedException e) {
      refuse(e, response, callback);
    } catch (RuntimeException e) {
      refuse(unexpected(e), response, callback);
    }
    return true;
  }

  /** What the server itself refuses, such as a request that cannot be read. */
  boolean error(Request request, Response response, Callback callback) {
    refuse(new RefusedException(response.getStatus(), null), response, callback);
    return true;
  }

  private void answer(Request request, Response response, Callback callback)
      throws RefusedException {
    if (request.getHeaders().contains(HttpHeader.ORIGIN)) {
      // Only browsers send it, on behalf of pages that have no business here.
      throw new RefusedException(403, null);
    }
    String[] parts = parts(request);
    if (parts.length == 2 && parts[1].equals("events")) {
      require("POST", request, response);
      takeEvents(request, response, callback);
    } else if (parts.length >= 3 && parts.length <= 5 && parts[1].equals("data")) {
      require("PUT", request, response);
      takeObservations(parts, request, response, callback);
    } else if (parts.length == 2 && parts[1].equals("health")) {
      require("GET", request, response);
      boolean isAway = publisher.isAway();
      String text = isAway ? "{\"status\":\"queue-away\"}" : "{\"status\":\"up\"}";
      send(isAway ? 503 : 200, JSON, text, response, callback);
    } else if (parts.length == 2 && parts[1].equals("metrics")) {
      require("GET", request, response);
      send(200, TEXT, meters.text(), response, callback);
    } else {
      throw new RefusedException(404, null);
    }
  }

  /** What is between the slashes of a path, decoded; the first is empty. */
  private static String[] parts(Request request) throws RefusedException {
    HttpURI uri = request.getHttpURI();
    if (uri.getCanonicalPath() == null) {
      return new String[0]; // not of a path, as in "OPTIONS *"
    }
    if (uri.getPath().indexOf(';') >= 0) {
      // It begins a parameter of the path, which Jetty would drop.
      throw new RefusedException(400, "a semicolon in a path must be percent-encoded");
    }
    String[] parts = uri.getCanonicalPath().split("/", -1);
    try {
      Arrays.setAll(parts, i -> URIUtil.decodePath(parts[i]));
    } catch (RuntimeException e) {
      throw new RefusedException(400, "the path is not UTF-8");
    }
    return parts;
  }

  /** The one header of that name; null when there is none. */
  private static String only(String header, Request request) throws RefusedException {
    List<String> values = request.getHeaders().getValuesList(header);
    if (values.size() > 1) {
      throw new RefusedException(400, "there is more than one " + header);
    }
    return values.isEmpty() ? null : values.get(0);
  }

  private static void require(String method, Request request, Response response)
      throws RefusedException {
    if (!method.equals(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, method);
      throw new RefusedException(405, null);
    }
  }

  private void takeEvents(Request request, Response response, Callback callback)
      throws RefusedException {
    keys.check(only(IDENTITY_KEY, request), null);
    String type = MimeTypes.getContentTypeWithoutCharset(contentType(request));
    if (!JSON_TYPES.contains(type)) {
      throw new RefusedException(
          415, "Content-Type must be one of " + String.join(", ", JSON_TYPES));
    }
    handover.checkReady();
    reply(
        bodies.read(request),
        request,
        only(IDEMPOTENCY_KEY, request),
        json::cut,
        number -> "{\"accepted\":" + number + "}",
        response,
        callback);
  }

  private static String contentType(Request request) {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    return type == null ? "" : type.toLowerCase(Locale.ROOT);
  }

  /** With any type of content: what Sentilo's clients say of it differs. */
  private void takeObservations(
      String[] parts, Request request, Response response, Callback callback)
      throws RefusedException {
    String provider = parts[2];
    keys.check(only(IDENTITY_KEY, request), provider);
    long now = System.currentTimeMillis();
    Cutter cutter =
        switch (parts.length) {
          case 3 -> body -> sentilo.ofProvider(provider, body, now);
          case 4 -> body -> sentilo.ofSensor(provider, parts[3], body, now);
          default -> body -> sentilo.ofValue(provider, parts[3], parts[4], now);
        };
    handover.checkReady();
    CompletableFuture<byte[]> body =
        parts.length == 5 ? CompletableFuture.completedFuture(new byte[0]) : bodies.read(request);
    reply(body, request, only(IDEMPOTENCY_KEY, request), cutter, number -> "", response, callback);
  }

  /** Makes events of the bytes of a body. */
  @FunctionalInterface
  private interface Cutter {
    List<CapturedEvent> cut(byte[] body) throws RefusedException;
  }

  /** Once there is a body, publishes its events; once they are kept, says so. */
  private void reply(
      CompletableFuture<byte[]> body,
      Request request,
      String idempotencyKey,
      Cutter cutter,
      IntFunction<String> answer,
      Response response,
      Callback callback) {
    Executor threads = getServer().getThreadPool();
    CompletableFuture<Integer> unused =
        body.thenComposeAsync(
                bytes -> {
                  try {
                    return handover.take(
                        idempotencyKey, cutter.cut(bodies.inflated(request, bytes)));
                  } catch (RefusedException e) {
                    throw new CompletionException(e);
                  }
                },
                threads)
            .whenCompleteAsync(
                (number, failure) -> {
                  if (failure == null) {
                    send(200, JSON, answer.apply(number), response, callback);
                  } else {
                    refuse(refusal(failure), response, callback);
                  }
                },
                threads);
  }

  private RefusedException refusal(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof RefusedException refused) {
      return refused;
    }
    if (cause instanceof TimeoutException) {
      return new RefusedException(408, "the request did not come in time");
    }
    if (cause instanceof IOException || cause instanceof HttpException) {
      return new RefusedException(400, "the body cannot be read");
    }
    return unexpected(cause);
  }

  /** Nothing of the request is logged: it may hold anything. */
  private static RefusedException unexpected(Throwable failure) {
    LOG.error("A request could not be answered.", failure);
    return new RefusedException(500, null);
  }

  private void refuse(RefusedException refused, Response response, Callback callback) {
    count(refused.status);
    Answers.problem(refused, response, callback);
  }

  private void send(
      int status, String contentType, String text, Response response, Callback callback) {
    count(status);
    Answers.send(status, contentType, text, response, callback);
  }

  private void count(int status) {
    answers
        .computeIfAbsent(
            status,
            any -> {
              LongAdder adder = new LongAdder();
              meters.counter(
                  "http_answers",
                  "Answers to requests, by status.",
                  adder::sum,
                  "status",
                  Integer.toString(status));
              return adder;
            })
        .increment();
  }
}
