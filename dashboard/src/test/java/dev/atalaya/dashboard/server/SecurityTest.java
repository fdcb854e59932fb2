package dev.atalaya.dashboard.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atalaya.dashboard.Documents;
import dev.atalaya.dashboard.history.History;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What hostile clients send is refused or harmless, and the server goes on. */
class SecurityTest {

  private static final String END = "Connection: close\r\n\r\n";
  private static final String HOST = "Host: localhost\r\n";

  private final LogCapture log = new LogCapture();
  private Served served;

  @BeforeEach
  void start() {
    served = new Served(Floods.history(), List.of(), ServerSettings.loopback(0), Limits.DEFAULT);
  }

  @AfterEach
  void answersStillAndHasLoggedNothingOfARequest() {
    try (Served closing = served;
        LogCapture closingLog = log) {
      assertThat(closing.get("/status").statusCode()).isEqualTo(200);
      assertThat(closingLog.messages()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../../../etc/passwd",
        "/page/../../../../../etc/passwd",
        "/page/../index.html",
        "/page/..%2f..%2f..%2fetc/passwd",
        "/page/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/page/%252e%252e/%252e%252e/etc/passwd",
        "/page/%252e%252e%252f%252e%252e%252fetc%252fpasswd",
        "/page/..%5c..%5cetc%5cpasswd",
        "/page/..\\..\\etc\\passwd",
        "/page/..;/..;/etc/passwd",
        "/page/%c0%ae%c0%ae/etc/passwd",
        "/page/%00index.html",
        "/page/",
        "/page",
        "/page/js",
        "//etc/passwd",
        "/lib/../META-INF/MANIFEST.MF",
        "/lib/%2e%2e/dev/atalaya/dashboard/server/Api.class",
        "/WEB-INF/web.xml",
        "/api/v1/windows/..%2f..%2f/1",
        "/api/v1/alerts/..%2f..%2fetc%2fpasswd"
      })
  void pathsLeadNowhere(String path) throws IOException {
    String answer = served.raw("GET " + path + " HTTP/1.1\r\n" + HOST + END);
    assertThat(answer).containsPattern("^HTTP/1.1 40[04] ");
    assertIsError(answer);
    assertThat(answer).doesNotContain("passwd", "root:", "Exception");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: evil.example\r\n",
        "Host: evil.example:80\r\n",
        "Host: localhost.evil.example\r\n",
        "Host: 127.0.0.1.evil.example\r\n",
        "Host: localhost@evil.example\r\n",
        "Host: [::2]\r\n",
        "Host: [::1\r\n",
        "Host: \r\n",
        "Host: localhost:80:80\r\n",
        "Host: <script>\r\n",
        "Host: localhost\r\nHost: evil.example\r\n",
        ""
      })
  void foreignHostsAreRefused(String host) throws IOException {
    String answer = served.raw("GET /status HTTP/1.1\r\n" + host + END);
    assertThat(answer).containsPattern("^HTTP/1.1 4(00|21) ");
    assertIsError(answer);
    assertThat(answer).doesNotContain("evil", "script>", "SketchConfig");
  }

  @Test
  void foreignHostsAreRefusedInOtherFormsOfRequests() throws IOException {
    assertThat(served.raw("GET /status HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 421 ");
    assertThat(served.raw("GET http://evil.example/status HTTP/1.1\r\n" + HOST + END))
        .containsPattern("^HTTP/1.1 4(00|21) ");
    assertThat(served.raw("GET http://localhost/status HTTP/1.1\r\n" + HOST + END))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void hostsThatAreAllowedAreServed() throws IOException {
    ServerSettings settings =
        new ServerSettings(ServerSettings.LOOPBACK, 0, Set.of("Tower.example"), Set.of(), null);
    try (Served named = new Served(served.history, List.of(), settings, Limits.DEFAULT)) {
      for (String host :
          List.of("localhost", "LOCALHOST:1", "127.0.0.1:8080", "[::1]", "tower.example:443")) {
        assertThat(named.raw("GET /status HTTP/1.1\r\nHost: " + host + "\r\n" + END))
            .as(host)
            .startsWith("HTTP/1.1 200 ");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "get", "EVIL"})
  void onlyReadingIsAllowed(String method) throws IOException {
    String answer = served.raw(method + " /status HTTP/1.1\r\n" + HOST + END);
    assertThat(answer).startsWith("HTTP/1.1 40").doesNotContain("SketchConfig", method + " ");
    assertIsError(answer);
    if (Set.of("POST", "PUT", "DELETE", "OPTIONS").contains(method)) {
      assertThat(answer).startsWith("HTTP/1.1 405 ").contains("\r\nAllow: GET, HEAD\r\n");
    }
  }

  @Test
  void aBodyIsNotWaitedFor() throws IOException {
    String answer =
        served.raw("POST /status HTTP/1.1\r\n" + HOST + "Content-Length: 1000000000\r\n\r\nshort");
    assertThat(answer).startsWith("HTTP/1.1 405 ");
  }

  @Test
  void otherOriginsAreNotAllowedByDefault() {
    HttpResponse<String> answer = served.get("/status", "Origin", "http://evil.example");
    assertThat(answer.headers().map())
        .doesNotContainKeys("access-control-allow-origin", "access-control-allow-credentials");
  }

  @Test
  void anAllowedOriginIsNamedAndNoOther() {
    String allowed = "http://localhost:3000";
    try (Served open =
        new Served(served.history, List.of(), Served.withOrigin(allowed), Limits.DEFAULT)) {
      HttpResponse<String> answer = open.get("/status", "Origin", allowed);
      assertThat(answer.headers().allValues("Access-Control-Allow-Origin"))
          .containsExactly(allowed);
      assertThat(answer.headers().allValues("Vary")).contains("Origin");
      for (String other :
          List.of(
              "http://localhost:3001",
              "https://localhost:3000",
              "http://localhost:3000.evil.example",
              "null")) {
        assertThat(open.get("/status", "Origin", other).headers().map())
            .doesNotContainKey("access-control-allow-origin");
      }
    }
  }

  @Test
  void everyAnswerHasTheSecurityHeaders() throws IOException {
    for (String request :
        List.of(
            "GET / HTTP/1.1\r\n" + HOST,
            "GET /status HTTP/1.1\r\n" + HOST,
            "HEAD /api/v1/events HTTP/1.1\r\n" + HOST,
            "GET /nothing HTTP/1.1\r\n" + HOST,
            "GET /heavykeys?count=x HTTP/1.1\r\n" + HOST,
            "POST / HTTP/1.1\r\n" + HOST,
            "GET / HTTP/1.1\r\nHost: evil.example\r\n",
            "GET / HTTP/1.1\r\n",
            "GET /%zz HTTP/1.1\r\n" + HOST,
            "GET /%2e%2e/ HTTP/1.1\r\n" + HOST,
            "\u0000\u0001\u0002 / HTTP/1.1\r\n" + HOST,
            "GET / HTTP/1.1\r\n" + HOST + "Bad Header: 1\r\n",
            "GET / HTTP/9.9\r\n" + HOST)) {
      assertIsSecure(served.raw(request + END));
    }
  }

  @Test
  void tooManyHeadersAreRefused() throws IOException {
    StringBuilder headers = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      headers.append("X-").append(i).append(": evil\r\n");
    }
    String answer = served.raw("GET /status HTTP/1.1\r\n" + HOST + headers + END);
    assertThat(answer).startsWith("HTTP/1.1 431 ").doesNotContain("evil");
    assertIsError(answer);
  }

  @Test
  void longUrlsAreRefused() throws IOException {
    String answer =
        served.raw("GET /status?x=" + "evil".repeat(100_000) + " HTTP/1.1\r\n" + HOST + END);
    assertThat(answer).startsWith("HTTP/1.1 414 ").doesNotContain("evil");
    assertIsError(answer);
  }

  @Test
  void brokenQueriesAreRefused() throws IOException {
    for (String query : List.of("key=%", "key=%zz", "key=%c0%af", "key=%ff", "%%%=&&&==")) {
      String answer = served.raw("GET /api/v1/alerts?" + query + " HTTP/1.1\r\n" + HOST + END);
      assertThat(answer).as(query).containsPattern("^HTTP/1.1 (200|400) ");
      assertIsSecure(answer);
    }
  }

  @Test
  void noiseIsRefused() throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      byte[] noise = new byte[1 + random.nextInt(300)];
      random.nextBytes(noise);
      String text = new String(noise, StandardCharsets.ISO_8859_1);
      // Ends the request, whatever it was.
      String answer = served.raw("GET /" + text + "\r\n\r\n");
      assertThat(answer).containsPattern("^HTTP/1.1 [45]");
      assertIsSecure(answer);
    }
  }

  @Test
  void halfRequestsStopNobodyAndAreClosedInTime() throws IOException {
    Limits limits = new Limits(2_000, 60_000, 1 << 20, 1 << 20);
    List<Socket> halves = new ArrayList<>();
    try (Served impatient =
        new Served(served.history, List.of(), ServerSettings.loopback(0), limits)) {
      for (int i = 0; i < 100; i++) {
        Socket socket = impatient.connect();
        socket
            .getOutputStream()
            .write("GET /status HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));
        halves.add(socket);
      }
      assertThat(impatient.get("/status").statusCode()).isEqualTo(200);
      // One byte now and then does not help.
      await()
          .atMost(Served.SOON)
          .until(
              () -> {
                halves.removeIf(socket -> !takesAByte(socket));
                return halves.isEmpty();
              });
      assertThat(impatient.get("/status").statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : halves) {
        socket.close();
      }
    }
  }

  @Test
  void halfRequestsBehindAWholeOneAreClosedInTime() throws IOException {
    Limits limits = new Limits(1_000, 60_000, 1 << 20, 1 << 20);
    try (Served impatient =
            new Served(served.history, List.of(), ServerSettings.loopback(0), limits);
        Socket socket = impatient.connect()) {
      socket
          .getOutputStream()
          .write(
              ("GET /status HTTP/1.1\r\n" + HOST + "\r\nGET /sta")
                  .getBytes(StandardCharsets.US_ASCII));
      await().atMost(Served.SOON).until(() -> !takesAByte(socket));
    }
  }

  @Test
  void aClientThatDoesNotReadItsAnswerIsClosedInTime() throws IOException {
    Limits limits = new Limits(60_000, 3_000, 1 << 20, 1 << 20);
    try (Served impatient =
            new Served(served.history, List.of(), ServerSettings.loopback(0), limits);
        Socket socket = new Socket()) {
      socket.setReceiveBufferSize(2_048);
      socket.connect(impatient.address());
      String request = "GET /lib/chart.umd.js HTTP/1.1\r\n" + HOST + "\r\n";
      // As many answers as fill all buffers on the way.
      socket.getOutputStream().write(request.repeat(100).getBytes(StandardCharsets.US_ASCII));
      await().atMost(Served.SOON).until(() -> !takesAByte(socket));
      assertThat(impatient.get("/status").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void manyConnectionsStopNobody() throws IOException {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 400; i++) {
        sockets.add(served.connect());
      }
      assertThat(served.get("/status").statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    ServerSettings same = ServerSettings.loopback(served.server.port());
    assertThatThrownBy(() -> DashboardServer.start(served.history, List.of(), same))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot listen on 127.0.0.1:%d: Address already in use", served.server.port());
  }

  @Test
  void answersThatNobodyTakesAreBounded() throws Exception {
    History many = new History(10_000, 1 << 20);
    List<JsonNode> reports = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      reports.add(Documents.report(Floods.NAME, i, 0, 0));
    }
    many.add(reports);
    // Two of its answers are more; the system's own buffers hold less than one.
    Limits limits = new Limits(60_000, 60_000, 1 << 20, 3 << 20);
    String path = "/api/v1/windows?count=10000";
    try (Served served = new Served(many, List.of(), ServerSettings.loopback(0), limits)) {
      try (Socket sleeper = new Socket()) {
        sleeper.setReceiveBufferSize(2_048);
        sleeper.connect(served.address());
        sleeper
            .getOutputStream()
            .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(US_ASCII));
        assertThat(new String(sleeper.getInputStream().readNBytes(12), US_ASCII))
            .isEqualTo("HTTP/1.1 200");
        assertThat(served.get(path).statusCode()).isEqualTo(503);
        assertThat(served.get("/status").statusCode()).isEqualTo(200);
      }
      await().atMost(Served.SOON).until(() -> served.get(path).statusCode() == 200);
    }
  }

  @Test
  void threadsAreFew() throws Exception {
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Thread client = new Thread(() -> served.get("/heavykeys"));
      client.start();
      clients.add(client);
    }
    for (Thread client : clients) {
      client.join();
    }
    // Those of a server that has just been closed may be there for a moment.
    await().atMost(Served.SOON).until(() -> threads() <= 16);
    assertThat(threads()).isGreaterThanOrEqualTo(3);
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("(dashboard|Scheduler|Connector).*"))
        .count();
  }

  private static boolean takesAByte(Socket socket) {
    try {
      socket.getOutputStream().write('x');
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void assertIsError(String answer) {
    assertIsSecure(answer);
    assertThat(answer)
        .containsPattern("\r\n\r\n\\{\"code\":(\\d{3}),\"message\":\"HTTP \\1 [A-Za-z -]+\"}$");
  }

  private static void assertIsSecure(String answer) {
    assertThat(answer)
        .contains("\r\nContent-Security-Policy: default-src 'none';")
        .contains("\r\nX-Content-Type-Options: nosniff\r\n")
        .contains("\r\nReferrer-Policy: no-referrer\r\n")
        .doesNotContainPattern("(?i)\r\nServer:")
        .doesNotContainIgnoringCase("jetty");
  }
}
