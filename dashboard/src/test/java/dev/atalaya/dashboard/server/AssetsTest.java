package dev.atalaya.dashboard.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AssetsTest {

  private static Served served;

  @BeforeAll
  static void start() {
    served = new Served(Floods.history());
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  @Test
  void thePageIsTheRoot() throws IOException {
    HttpResponse<String> page = served.get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-cache");
    try (InputStream file =
        Assets.class.getResourceAsStream("/dev/atalaya/dashboard/page/index.html")) {
      assertThat(page.body().getBytes(StandardCharsets.UTF_8)).isEqualTo(file.readAllBytes());
    }
    assertThat(served.get("/page/index.html").statusCode()).isEqualTo(404);
  }

  @Test
  void everyFileOfThePageIsServedWithItsType() {
    assertThat(served.server.paths()).anyMatch(path -> path.matches("/page/.*js"));
    for (String path : served.server.paths()) {
      if (path.startsWith("/page/")) {
        HttpResponse<String> file = served.get(path);
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(file.headers().firstValue("Content-Type").orElseThrow())
            .as(path)
            .isNotEqualTo("application/octet-stream");
      }
    }
  }

  @Test
  void theLibraryOfChartsIsServed() throws Exception {
    HttpResponse<byte[]> chart = getBytes("/lib/chart.umd.js");
    assertThat(chart.headers().firstValue("Content-Encoding")).hasValue("gzip");
    assertThat(chart.headers().firstValue("Vary")).hasValue("Accept-Encoding");
    assertThat(chart.body().length).isLessThan(100_000);
    try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(chart.body()))) {
      assertThat(plain.readAllBytes())
          .asString(StandardCharsets.UTF_8)
          .isEqualTo(served.get("/lib/chart.umd.js").body())
          .contains("Chart.js v4.5.1");
    }
  }

  @Test
  void whatIsKnownIsNotSentAgain() {
    String etag = served.get("/").headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> same = served.get("/", "If-None-Match", "\"other\", " + etag);
    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(same.headers().firstValue("ETag")).hasValue(etag);
    assertThat(same.headers().firstValue("Content-Security-Policy")).isPresent();
    assertThat(served.get("/", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
  }

  @Test
  void answersOfTheApiAreNotKept() throws Exception {
    assertThat(served.get("/heavykeys").headers().firstValue("Cache-Control")).hasValue("no-store");
    // Below a kilobyte it is not worth it.
    assertThat(getBytes("/heavykeys/heavyhitters").headers().firstValue("Content-Encoding"))
        .isEmpty();
    assertThat(getBytes("/metrics").headers().firstValue("Content-Encoding")).hasValue("gzip");
    assertThat(
            served
                .get("/metrics", "Accept-Encoding", "gzip;q=0, identity")
                .headers()
                .firstValue("Content-Encoding"))
        .isEmpty();
  }

  private static HttpResponse<byte[]> getBytes(String path) throws Exception {
    URI uri = served.server.uri().resolve(path);
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(uri).header("Accept-Encoding", "gzip, br").build(),
            HttpResponse.BodyHandlers.ofByteArray());
  }
}
