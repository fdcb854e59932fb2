package dev.atalaya.dashboard.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What is sent back, whole. Immutable; may be sent many times. */
final class Answer {

  static final String JSON = "application/json";

  /** On every answer, errors too. */
  private static final List<HttpField> SECURITY_HEADERS =
      List.of(
          new PreEncodedHttpField(
              "Content-Security-Policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                  + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                  + " frame-ancestors 'none'"),
          new PreEncodedHttpField("X-Content-Type-Options", "nosniff"),
          new PreEncodedHttpField("Referrer-Policy", "no-referrer"),
          new PreEncodedHttpField("Cross-Origin-Resource-Policy", "same-origin"),
          new PreEncodedHttpField("Cross-Origin-Opener-Policy", "same-origin"));

  /** Smaller ones fit a packet anyway. */
  private static final int MIN_GZIP_BYTES = 1_000;

  private final int status;
  private final String contentType;
  private final String etag;
  private final byte[] plain;
  private final byte[] zipped;

  private Answer(int status, String contentType, String etag, byte[] plain, byte[] zipped) {
    this.status = status;
    this.contentType = contentType;
    this.etag = etag;
    this.plain = plain;
    this.zipped = zipped;
  }

  static Answer json(JsonNode tree) {
    return new Answer(200, JSON, null, Json.bytes(tree), null);
  }

  static Answer text(String contentType, String text) {
    return new Answer(200, contentType, null, text.getBytes(StandardCharsets.UTF_8), null);
  }

  /** That a client may keep, and has to ask for again by its tag. */
  static Answer lasting(String contentType, String etag, byte[] content) {
    byte[] zipped = zip(content);
    return new Answer(
        200, contentType, etag, content, zipped.length < content.length ? zipped : content);
  }

  static Answer error(int status) {
    String message = "HTTP " + status + " " + HttpStatus.getMessage(status);
    JsonNode tree = Json.object().put("code", status).put("message", message);
    return new Answer(status, JSON, null, Json.bytes(tree), null);
  }

  /** That are there for this answer alone. */
  long bytes() {
    return etag == null ? plain.length : 0;
  }

  /** Headers that do not depend on what is sent. */
  static void secure(HttpFields.Mutable headers) {
    SECURITY_HEADERS.forEach(headers::put);
  }

  void send(Request request, Response response, Callback callback) {
    HttpFields.Mutable headers = response.getHeaders();
    secure(headers);
    headers.put(HttpHeader.CACHE_CONTROL, etag == null ? "no-store" : "no-cache");
    headers.add(HttpHeader.VARY, "Accept-Encoding");
    if (etag != null) {
      headers.put(HttpHeader.ETAG, etag);
      // There may be several; none of ours is a part of another.
      String known = request.getHeaders().get(HttpHeader.IF_NONE_MATCH);
      if (known != null && known.contains(etag)) {
        response.setStatus(304);
        callback.succeeded();
        return;
      }
    }
    byte[] body = plain;
    if (plain.length >= MIN_GZIP_BYTES && takesGzip(request)) {
      body = zipped == null ? zip(plain) : zipped;
      headers.put(HttpHeader.CONTENT_ENCODING, "gzip");
    }
    if (status == 405) {
      headers.put(HttpHeader.ALLOW, "GET, HEAD");
    }
    response.setStatus(status);
    headers.put(HttpHeader.CONTENT_TYPE, contentType);
    headers.put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  private static boolean takesGzip(Request request) {
    return request.getHeaders().getQualityCSV(HttpHeader.ACCEPT_ENCODING).contains("gzip");
  }

  private static byte[] zip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(content.length / 4 + 64);
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
