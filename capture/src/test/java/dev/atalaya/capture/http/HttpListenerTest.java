package dev.atalaya.capture.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.atalaya.capture.Meters;
import dev.atalaya.capture.publish.FakeQueue;
import dev.atalaya.connectors.PemFile;
import dev.atalaya.connectors.Secret;
import dev.atalaya.fixtures.CertificateAuthority;
import dev.atalaya.fixtures.NaughtyStrings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is taken, what is refused, and how it is answered. */
@Timeout(60)
class HttpListenerTest {

  private static final int MAX_BODY = 10_000;
  private static final String JSON = "application/json";

  private final FakeQueue queue = new FakeQueue();
  private final Meters meters = new Meters();
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpListener listener;

  @AfterEach
  void close() {
    if (listener != null) {
      listener.close();
    }
  }

  private void start(HttpSettings.Key... keys) throws IOException {
    start(5_000, 20_000, keys);
  }

  private void start(long requestMillis, long confirmMillis, HttpSettings.Key... keys)
      throws IOException {
    start(null, requestMillis, confirmMillis, keys);
  }

  private void start(
      HttpSettings.Tls tls, long requestMillis, long confirmMillis, HttpSettings.Key... keys)
      throws IOException {
    HttpSettings settings =
        new HttpSettings(
            "127.0.0.1", 0, tls, List.of(keys), "uid", MAX_BODY, 64, requestMillis, confirmMillis);
    listener = HttpListener.start(settings, queue, meters);
  }

  private static HttpSettings.Key key(String value, String... providers) {
    return new HttpSettings.Key(new Secret(value), List.of(providers));
  }

  private HttpResponse<String> send(String method, String path, byte[] body, String... headers)
      throws IOException, InterruptedException {
    return client.send(request(method, path, body, headers), BodyHandlers.ofString());
  }

  private HttpRequest request(String method, String path, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(listener.uri() + path.substring(1)))
            .method(method, BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  private HttpResponse<String> post(String body, String... headers)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("Content-Type", JSON));
    all.addAll(List.of(headers));
    return send("POST", "/events", body.getBytes(UTF_8), all.toArray(String[]::new));
  }

  private HttpResponse<String> put(String path, String body) throws Exception {
    return send("PUT", path, body.getBytes(UTF_8));
  }

  /** Without their ids. */
  private List<String> events() {
    return queue.events().stream().map(event -> event.substring(event.indexOf('=') + 1)).toList();
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  // ---- events ----

  @Test
  void takesOneSeveralAndLines() throws Exception {
    start();
    assertThat(post("{\"a\":1}").body()).isEqualTo("{\"accepted\":1}");
    assertThat(post("[{\"a\":2},\n {\"b\": [1, {\"c\":\"}\"}]}]").body())
        .isEqualTo("{\"accepted\":2}");
    assertThat(post("\uFEFF{\"a\":\"ñ\"}\r\n{\n\"a\":5}\n", "X-Any", "x").body())
        .isEqualTo("{\"accepted\":2}");
    assertThat(events())
        .containsExactly(
            "{\"a\":1}", "{\"a\":2}", "{\"b\": [1, {\"c\":\"}\"}]}", "{\"a\":\"ñ\"}", "{ \"a\":5}");
  }

  @Test
  void inflates() throws Exception {
    start();
    String[] headers = {"Content-Type", "application/x-ndjson", "Content-Encoding", "gzip"};
    HttpResponse<String> answer = send("POST", "/events", gzip("{\"a\":1}\n".repeat(100)), headers);
    assertThat(answer.body()).isEqualTo("{\"accepted\":100}");
    byte[] largest = gzip(" ".repeat(MAX_BODY - 2) + "{}");
    assertThat(send("POST", "/events", largest, headers).statusCode()).isEqualTo(200);
    assertThat(queue.events()).hasSize(101);
    byte[] larger = gzip(" ".repeat(MAX_BODY - 1) + "{}");
    assertThat(send("POST", "/events", larger, headers).statusCode()).isEqualTo(413);
    byte[] bomb = gzip(" ".repeat(900 * MAX_BODY));
    assertThat(bomb).hasSizeLessThan(MAX_BODY);
    assertThat(send("POST", "/events", bomb, headers).statusCode()).isEqualTo(413);
    byte[] cut = Arrays.copyOf(largest, largest.length - 1);
    byte[] longer = Arrays.copyOf(largest, largest.length + 1);
    byte[] another = largest.clone();
    another[largest.length - 8] ^= 1; // of the checksum
    for (byte[] damaged : List.of("{}".getBytes(UTF_8), new byte[0], cut, longer, another)) {
      assertThat(send("POST", "/events", damaged, headers).statusCode()).isEqualTo(400);
    }
    assertThat(queue.events()).hasSize(101);
  }

  @Test
  void idsAreTheSendersOrNobodyElses() throws Exception {
    start();
    post(
        "[{\"a\":1},{\"uid\":\"x7\",\"a\":{\"uid\":\"no\"}},{\"uid\":12}]", "Idempotency-Key", "k");
    assertThat(queue.events())
        .containsExactly(
            "k-0={\"a\":1}", "x7={\"uid\":\"x7\",\"a\":{\"uid\":\"no\"}}", "12={\"uid\":12}");
    post("[{},{}]");
    post("[{}]");
    List<String> ids =
        queue.events().stream().skip(3).map(event -> event.replaceFirst("=.*", "")).toList();
    assertThat(ids).hasSize(3).doesNotHaveDuplicates();
    assertThat(post("[{\"uid\":null},{\"uid\":null}]").statusCode()).isEqualTo(200);
    assertThat(queue.events()).noneMatch(event -> event.startsWith("null="));
    assertThat(post("[{},{\"uid\":\"" + "é".repeat(128) + "\"}]").statusCode()).isEqualTo(400);
    assertThat(post("{}", "Idempotency-Key", "k".repeat(201)).statusCode()).isEqualTo(400);
    assertThat(queue.events()).hasSize(8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          | there is no event in the body
          [] | there is no event in the body
          {"a":1} 7 | what begins at byte 8 is no JSON object
          [[{}]] | what begins at byte 1 is no JSON object
          "x" | what begins at byte 0 is no JSON object
          {"a":1}{"a" | no JSON at byte
          {a:1} | no JSON at byte
          [{"a":1}, | no JSON at byte
          {"a":NaN} | no JSON at byte
          <script>alert(1)</script> | no JSON at byte
          """)
  void refusesWhatIsNoEventAndTakesNothingOfIt(String body, String detail) throws Exception {
    start();
    HttpResponse<String> answer = post(body == null ? "" : body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body())
        .startsWith(
            "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,\"detail\":\""
                + detail)
        .doesNotContain("script");
    assertThat(queue.events()).isEmpty();
  }

  @Test
  void refusesOtherTypesPathsMethodsAndPages() throws Exception {
    start();
    byte[] event = "{}".getBytes(UTF_8);
    assertThat(send("POST", "/events", event).statusCode()).isEqualTo(415);
    assertThat(send("POST", "/events", event, "Content-Type", "text/plain").statusCode())
        .isEqualTo(415);
    assertThat(post("{}", "Content-Encoding", "br").statusCode()).isEqualTo(415);
    assertThat(post("{}", "Origin", "http://evil.example").statusCode()).isEqualTo(403);
    assertThat(send("POST", "/event", event, "Content-Type", JSON).statusCode()).isEqualTo(404);
    assertThat(send("GET", "/events", event).headers().firstValue("Allow")).hasValue("POST");
    assertThat(send("POST", "/data/p/s", event).headers().firstValue("Allow")).hasValue("PUT");
    assertThat(queue.events()).isEmpty();
  }

  @Test
  void refusesLargeBodies() throws Exception {
    start();
    assertThat(post("{}" + " ".repeat(MAX_BODY - 2)).statusCode()).isEqualTo(200);
    assertThat(post("{}" + " ".repeat(MAX_BODY - 1)).statusCode()).isEqualTo(413);
    String large = "{\"a\":\"" + "x".repeat(MAX_BODY) + "\"}";
    assertThat(post(large).statusCode()).isEqualTo(413);
    HttpRequest pieces =
        HttpRequest.newBuilder(listener.uri().resolve("/events"))
            .header("Content-Type", JSON)
            .POST(
                BodyPublishers.ofInputStream(
                    () -> new java.io.ByteArrayInputStream(large.getBytes(UTF_8))))
            .build();
    assertThat(client.send(pieces, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
    assertThat(queue.events()).hasSize(1);
  }

  @Test
  void textsArriveAsTheyAre() throws Exception {
    start();
    JsonMapper mapper = new JsonMapper();
    for (byte[] bytes : NaughtyStrings.all()) {
      String text = new String(bytes, UTF_8);
      String event = "{\"uid\":\"x\",\"a\":" + mapper.writeValueAsString(text) + "}";
      assertThat(post(event).statusCode()).isEqualTo(200);
      assertThat(queue.events().get(queue.events().size() - 1)).isEqualTo("x=" + event);
      String observation =
          "{\"observations\":[{\"value\":" + mapper.writeValueAsString(text) + "}]}";
      assertThat(put("/data/p/s", observation).statusCode()).isEqualTo(text.isEmpty() ? 400 : 200);
      if (!text.isEmpty()) {
        String last = events().get(events().size() - 1);
        JsonNode value = mapper.readTree(last).get("value");
        assertThat(value.isNumber() ? last : value.asText())
            .isEqualTo(value.isNumber() ? last.replaceFirst(":[^:]*$", ":" + text + "}") : text);
      }
    }
  }

  @Test
  void speaksTls(@TempDir Path folder) throws Exception {
    HttpResponse<String> answer =
        startTls(folder, 5_000, 20_000)
            .send(request("PUT", "/data/p/s/1", new byte[0]), BodyHandlers.ofString());
    assertThat(listener.uri()).hasScheme("https");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(queue.events()).hasSize(1);
  }

  /** Gives a client that trusts it. */
  private HttpClient startTls(Path folder, long requestMillis, long confirmMillis)
      throws Exception {
    CertificateAuthority authority = CertificateAuthority.create(folder);
    CertificateAuthority.Identity server = authority.issue("server", "ip:127.0.0.1");
    start(
        new HttpSettings.Tls(server.certificate().toString(), server.key().toString()),
        requestMillis,
        confirmMillis);
    KeyStore trusted =
        PemFile.trusted(PemFile.certificates("ca", authority.certificate().toString()));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(tls).build();
  }

  /** Longer than a client may take to send: the request is there, and the queue is waited for. */
  @Test
  void waitsForTheQueueAlsoOverTls(@TempDir Path folder) throws Exception {
    HttpClient overTls = startTls(folder, 1_000, 20_000);
    queue.confirms(false);
    CompletableFuture<HttpResponse<String>> answer =
        overTls.sendAsync(request("PUT", "/data/p/s/1", new byte[0]), BodyHandlers.ofString());
    assertThatThrownBy(() -> answer.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
    queue.confirms(true);
    assertThat(answer.get().statusCode()).isEqualTo(200);
  }

  @Test
  void namesTheFileOfTlsThatCannotBeRead() {
    assertThatThrownBy(() -> start(new HttpSettings.Tls("no.pem", "no.key"), 5_000, 20_000))
        .isInstanceOf(FileSystemException.class)
        .hasMessage("capture.http.tls.cert no.pem cannot be read");
  }

  // ---- Sentilo ----

  @Test
  void takesSentilosExamples() throws Exception {
    start();
    long before = System.currentTimeMillis() / 1000 * 1000;
    HttpResponse<String> answer = put("/data/rec/RE0012/12.3", "");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(events().get(0))
        .matches(
            "\\{\"ts\":\\d{13},\"provider\":\"rec\",\"sensor\":\"RE0012\",\"timestamp\":\""
                + SentiloTime.format(before).substring(0, 14)
                + "\\d\\d:\\d\\d\",\"value\":12\\.3}");

    put(
        "/data/rec/RE0012",
        "{\"observations\":[{\"value\":\"11.2\",\"timestamp\":\"17/09/2012T12:34:45\"},"
            + "{\"value\":\"on\",\"timestamp\":\"17/02/2016T11:43:45CET\","
            + "\"location\":\"41.3888 2.15899\"}]}");
    put(
        "/data/rec",
        "{\"sensors\":[{\"sensor\":\"RE0012\",\"observations\":[{\"value\":\"1.2\",\"timestamp\":"
            + "\"17/09/2012T12:34:45CET\"}]},{\"sensor\":\"RE0013\",\"location\":"
            + "\"41.12345 2.12354\",\"observations\":[{\"value\":\"2.2\",\"timestamp\":"
            + "\"16/09/2012T15:43:21+0200\"}]}]}");
    assertThat(events().subList(1, 5))
        .containsExactly(
            observation("RE0012", 1_347_885_285_000L, "17/09/2012T12:34:45", "11.2}"),
            observation(
                "RE0012",
                1_455_705_825_000L,
                "17/02/2016T10:43:45",
                "\"on\",\"location\":\"41.3888 2.15899\"}"),
            // In September central Europe is two hours ahead.
            observation("RE0012", 1_347_878_085_000L, "17/09/2012T10:34:45", "1.2}"),
            observation(
                "RE0013",
                1_347_803_001_000L,
                "16/09/2012T13:43:21",
                "2.2,\"location\":\"41.12345 2.12354\"}"));
  }

  private static String observation(String sensor, long millis, String time, String rest) {
    return "{\"ts\":%d,\"provider\":\"rec\",\"sensor\":\"%s\",\"timestamp\":\"%s\",\"value\":%s"
        .formatted(millis, sensor, time, rest);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          /data/p/s | {}
          /data/p/s | {"observations":[]}
          /data/p/s | {"observations":[{}]}
          /data/p/s | {"observations":[{"value":{}}]}
          /data/p/s | {"observations":[{"value":"1","timestamp":"2012-09-17T12:34:45"}]}
          /data/p/s | {"observations":[{"value":"1","timestamp":"31/02/2012T12:34:45"}]}
          /data/p/s | {"observations":[{"value":"1","timestamp":"17/09/2012T12:34:45Atlantis"}]}
          /data/p/s | {"observations":[{"value":"1","timestamp":["17/09/2012T12:34:45"]}]}
          /data/p/s | {"observations":
          /data/p | {"observations":[{"value":"1"}]}
          /data/p | {"sensors":[{"observations":[{"value":"1"}]}]}
          /data//s/1 |
          """)
  void refusesWhatIsNoObservation(String path, String body) throws Exception {
    start();
    assertThat(put(path, body == null ? "" : body).statusCode()).isEqualTo(400);
    assertThat(queue.events()).isEmpty();
  }

  /** Little that is said once of a sensor, and of each of its observations again. */
  @Test
  void boundsWhatObservationsBecome() throws Exception {
    SentiloEvents sentilo = new SentiloEvents();
    String sensor = "s".repeat(256);
    String location = "\",\"location\":\"" + "é".repeat(256) + "\"}";
    for (int[] numberAndStatus : new int[][] {{10_000, 0}, {10_001, 413}, {30_000, 400}}) {
      String one = "{\"value\":\"1\"}";
      assertThat(status(sentilo, "s", ("," + one).repeat(numberAndStatus[0]).substring(1)))
          .isEqualTo(numberAndStatus[1]);
    }
    String observation = ",{\"value\":\"1" + location;
    assertThat(status(sentilo, sensor, observation.repeat(10_000).substring(1))).isZero();
    String value = ",{\"value\":\"" + "v".repeat(1_000) + location;
    assertThat(status(sentilo, sensor, value.repeat(10_000).substring(1))).isEqualTo(413);
    assertThat(status(sentilo, "s", observation.replace("é", "éé").substring(1))).isEqualTo(400);
  }

  /** 0 when it is taken. */
  private static int status(SentiloEvents sentilo, String sensor, String observations) {
    String body = "{\"observations\":[" + observations + "]}";
    try {
      sentilo.ofSensor("p", sensor, body.getBytes(UTF_8), 0);
      return 0;
    } catch (RefusedException e) {
      return e.status;
    }
  }

  @Test
  void whatIsInAPathStaysAText() throws Exception {
    start();
    put("/data/p%22,%22x%22:%221/%C3%B1/$%7Bjndi:ldap:%7D", "");
    assertThat(events().get(0))
        .contains("\"provider\":\"p\\\",\\\"x\\\":\\\"1\"")
        .contains("\"sensor\":\"ñ\"")
        .contains("\"value\":\"${jndi:ldap:}\"");
    put("/data/p/a%2F../1%3B2+3%2541%25", "");
    assertThat(events().get(1)).contains("\"sensor\":\"a/..\"").contains("\"1;2+3%41%\"");
  }

  // ---- keys ----

  @Test
  void keysAreCheckedWithoutAWord() throws Exception {
    start(key("all"), key("of-rec", "rec"));
    for (String[] refused :
        List.of(new String[] {}, new String[] {"IDENTITY_KEY", "al"}, new String[] {"K", "all"})) {
      HttpResponse<String> answer = send("PUT", "/data/rec/s/1", new byte[0], refused);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.body())
          .isEqualTo("{\"type\":\"about:blank\",\"title\":\"Unauthorized\",\"status\":401}");
    }
    assertThat(post("{}").statusCode()).isEqualTo(401);
    assertThat(send("PUT", "/data/other/s/1", new byte[0], "IDENTITY_KEY", "of-rec").body())
        .isEqualTo("{\"type\":\"about:blank\",\"title\":\"Forbidden\",\"status\":403}");
    assertThat(post("{}", "IDENTITY_KEY", "of-rec").statusCode()).isEqualTo(403);
    assertThat(queue.events()).isEmpty();
    assertThat(send("PUT", "/data/rec/s/1", new byte[0], "identity_key", "of-rec").statusCode())
        .isEqualTo(200);
    assertThat(post("{}", "IDENTITY_KEY", "all").statusCode()).isEqualTo(200);
  }

  // ---- the queue ----

  @Test
  void answersOnlyWhenTheQueueHasAllOfIt() throws Exception {
    queue.confirms(false);
    start();
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(
            request("POST", "/events", "[{},{}]".getBytes(UTF_8), "Content-Type", JSON),
            BodyHandlers.ofString());
    await().until(() -> queue.events().size() == 2);
    assertThat(answer).isNotDone();
    queue.confirms(true);
    assertThat(answer.get().statusCode()).isEqualTo(200);
  }

  @Test
  void answersWhatItHasTakenBeforeItEnds() throws Exception {
    queue.confirms(false);
    start();
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(request("PUT", "/data/p/s/1", new byte[0]), BodyHandlers.ofString());
    await().until(() -> queue.events().size() == 1);
    CompletableFuture<Void> closed = CompletableFuture.runAsync(listener::close);
    Thread.sleep(1_500);
    assertThat(answer).isNotDone();
    queue.confirms(true);
    assertThat(answer.get().statusCode()).isEqualTo(200);
    closed.get();
  }

  @Test
  void saysWhenTheQueueIsAwaySlowOrFull() throws Exception {
    start(5_000, 300);
    queue.away(true);
    assertThat(post("{}").statusCode()).isEqualTo(503);
    assertThat(post("{}").headers().firstValue("Retry-After")).hasValue("5");
    assertThat(send("GET", "/health", new byte[0]).statusCode()).isEqualTo(503);
    assertThat(queue.events()).isEmpty();

    queue.away(false).confirms(false);
    assertThat(send("GET", "/health", new byte[0]).body()).isEqualTo("{\"status\":\"up\"}");
    assertThat(post("{}").statusCode()).isEqualTo(503);

    queue.room(3);
    HttpResponse<String> full = post("[{},{},{}]");
    assertThat(full.statusCode()).isEqualTo(429);
    assertThat(full.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(put("/data/p/s/1", "").statusCode()).isEqualTo(429);
    queue.confirms(true);
    assertThat(post("{}").statusCode()).isEqualTo(200);
    assertThat(send("GET", "/metrics", new byte[0]).body())
        .contains("atalaya_capture_http_events_received_total 5\n")
        .contains("atalaya_capture_http_events_confirmed_total 1\n")
        .contains("atalaya_capture_http_answers_total{status=\"429\"} 2\n");
  }
}
