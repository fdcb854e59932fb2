package dev.atalaya.capture.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Sends answers, whole. */
final class Answers {

  private static final String PROBLEM = "application/problem+json";

  /** When there may be room again, and when a broker may be back. */
  private static final int FULL_SECONDS = 1;

  private static final int AWAY_SECONDS = 5;

  private Answers() {}

  /** A problem document. Nothing of the request is in it. */
  static void problem(RefusedException refused, Response response, Callback callback) {
    HttpFields.Mutable headers = response.getHeaders();
    int status = refused.status;
    if (status == 429) {
      headers.put(HttpHeader.RETRY_AFTER, FULL_SECONDS);
    } else if (status == 503) {
      headers.put(HttpHeader.RETRY_AFTER, AWAY_SECONDS);
    } else if (status == 408 || status == 413) {
      // What is still to come of the body is not read.
      headers.put(HttpHeader.CONNECTION, "close");
    }
    String detail = refused.getMessage();
    send(
        status,
        PROBLEM,
        "{\"type\":\"about:blank\",\"title\":\""
            + HttpStatus.getMessage(status)
            + "\",\"status\":"
            + status
            + (detail == null
                ? ""
                : ",\"detail\":\""
                    + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(detail))
                    + "\"")
            + "}",
        response,
        callback);
  }

  static void send(
      int status, String contentType, String text, Response response, Callback callback) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    HttpFields.Mutable headers = response.getHeaders();
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    response.setStatus(status);
    if (body.length > 0) {
      headers.put(HttpHeader.CONTENT_TYPE, contentType);
    }
    headers.put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }
}
