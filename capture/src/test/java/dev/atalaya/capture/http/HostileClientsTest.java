package dev.atalaya.capture.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atalaya.capture.Meters;
import dev.atalaya.capture.publish.FakeQueue;
import dev.atalaya.connectors.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes that no client sends who means well: each has its answer, and the next one is served. */
@Timeout(60)
class HostileClientsTest {

  private static final int MAX_CONNECTIONS = 20;

  private final FakeQueue queue = new FakeQueue();
  private HttpListener listener;

  private void start(long millis) throws IOException {
    listener =
        HttpListener.start(
            new HttpSettings(
                InetAddress.getLoopbackAddress().getHostAddress(),
                0,
                null,
                List.of(new HttpSettings.Key(new Secret("key"), List.of())),
                null,
                10_000,
                MAX_CONNECTIONS,
                millis,
                millis),
            queue,
            new Meters());
  }

  @AfterEach
  void close() {
    listener.close();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.uri().getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** All until the other side closes. */
  private static String answer(Socket socket) throws IOException {
    try (InputStream in = socket.getInputStream()) {
      return new String(in.readAllBytes(), ISO_8859_1);
    } catch (SocketException e) {
      return ""; // closed with what was sent unread
    }
  }

  private String answer(String request) throws IOException {
    try (Socket socket = connect()) {
      write(socket, request);
      socket.shutdownOutput();
      return answer(socket);
    }
  }

  private void assertServes() throws IOException {
    assertThat(answer("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    assertThat(queue.events()).isEmpty();
  }

  /** The rest of a request begins at the first {@code ~}, which stands for a line's end. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          GET /health HTTP/1.0~~ | 200
          GET /health HTTP/1.1~~ | 400
          GET /health~~ | 505
          GET /health HTTP/9.9~Host: x~~ | 505
          PRI * HTTP/2.0~~SM~~ | 426
          <script> /health HTTP/1.1~Host: x~~ | 400
          GET /health HTTP/1.1~Host: x~X: a\u0000b~~ | 400
          GET /health HTTP/1.1~Host: x~X : a~~ | 400
          GET /health HTTP/1.1~Host: x~X: a~ b~~ | 400
          GET /health HTTP/1.1~Host: x~no colon~~ | 400
          GET /health HTTP/1.1~Host: x/y~~ | 400
          GET /health HTTP/1.1~Host: x~Host: y~~ | 400
          OPTIONS * HTTP/1.1~Host: x~~ | 404
          TRACE /health HTTP/1.1~Host: x~~ | 405
          CONNECT elsewhere:80 HTTP/1.1~Host: x~~ | 400
          GET http://elsewhere/health HTTP/1.1~Host: x~~ | 400
          GET //health HTTP/1.1~Host: x~~ | 400
          GET /health/ HTTP/1.1~Host: x~~ | 404
          GET /../../etc/passwd HTTP/1.1~Host: x~~ | 400
          GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1~Host: x~~ | 400
          GET /%00 HTTP/1.1~Host: x~~ | 400
          GET /%zz HTTP/1.1~Host: x~~ | 400
          GET /%C0%AFmetrics HTTP/1.1~Host: x~~ | 400
          GET \\health HTTP/1.1~Host: x~~ | 400
          POST /events HTTP/1.1~Host: x~Content-Length: 2~Content-Length: 3~~{} | 400
          POST /events HTTP/1.1~Host: x~Content-Length: 2~Transfer-Encoding: chunked~~{} | 400
          POST /events HTTP/1.1~Host: x~Content-Length: -1~~{} | 400
          POST /events HTTP/1.1~Host: x~Content-Length: 99999999999999999999~~{} | 400
          POST /events HTTP/1.1~Host: x~Transfer-Encoding: gzip~~{} | 400
          """)
  void refusesWhatIsNoRequest(String request, String status) throws IOException {
    start(20_000);
    assertThat(answer(request.replace("~", "\r\n"))).startsWith("HTTP/1.1 " + status + " ");
    assertServes();
  }

  /** With the right key, in the name of Sentilo's sensors and with bodies that are none. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          PUT /data/p/../../metrics | | 405
          PUT /data/p/s/.. | | 400
          PUT /data/p/%2e%2e/1 | | 400
          PUT /data%2Fp/s/1 | | 404
          PUT /data/p/a%5Cb/1 | | 400
          PUT /data/p/%0D%0AX-Evil:%201/1 | | 400
          PUT /data/p/%00/1 | | 400
          PUT /data/p/%/1 | | 400
          PUT /data/p/%C0%AF/1 | | 400
          PUT /data/p/%ED%A0%80/1 | | 400
          PUT /data/p;a=b/s/1 | | 400
          PUT /data//s/1 | | 400
          PUT /data/p/s/1;2 | | 400
          PUT /data/p/s/ | | 400
          PUT /data/p/s/1/2 | | 404
          PUT /data | | 404
          PUT /data/p/s/1 | IDENTITY_KEY: key~~ | 400
          PUT /data/p/s/1 | Idempotency-Key: a~Idempotency-Key: b~~ | 400
          PUT /data/p/s/1 | Idempotency-Key: a\tb~~ | 400
          POST /events | Content-Length: 10001~~{} | 413
          POST /events | Content-Length: 10001~Expect: 100-continue~~ | 413
          POST /events | Content-Length: 9~~{} | 400
          POST /events | Transfer-Encoding: chunked~~2~{}~ | 400
          POST /events | Transfer-Encoding: chunked~~zz~{}~0~~ | 400
          POST /events | Transfer-Encoding: chunked~~ffffffffffffffff~{}~0~~ | 400
          POST /events | Content-Length: 2~Content-Encoding: gzip, gzip~~{} | 415
          """)
  void refusesWhatIsNoEvent(String line, String rest, String status) throws IOException {
    start(20_000);
    String answer =
        answer(
            (line
                    + " HTTP/1.1~Host: x~IDENTITY_KEY: key~Content-Type: application/json~"
                    + (rest == null ? "~" : rest))
                .replace("~", "\r\n"));
    assertThat(answer).startsWith("HTTP/1.1 " + status + " ").doesNotContain("X-Evil");
    assertServes();
  }

  /** What a job would reject with a reason of its own goes to it, as it came. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # bytes that are no text, or no UTF-8
          `\u00ff` | 400
          {"a":"\u00ff"} | 400
          {"a":"\u00e2\u0082"} | 400
          \u00ff\u00fe{\u0000}\u0000 | 400
          \u00fe\u00ff\u0000{\u0000} | 400
          PK\u0003\u0004 | 400
          {"a":"x\u0000"} | 400
          {"a":"x\ty"} | 400
          {"a":"\u00c0\u00af"} | 200
          {"a":"\u00ed\u00a0\u0080"} | 200
          \u00ef\u00bb\u00bf{} | 200
          # what is not quite JSON
          {"a":1,} | 400
          [{"a":1},] | 400
          {'a':1} | 400
          {"a":1}//x | 400
          {"a":01} | 400
          {"a":NaN} | 400
          {"a":1}{"b":2} | 200
          {"a":1,"a":2} | 200
          {"a":1e400} | 200
          {"a":"\\ud800"} | 200
          """)
  void readsNoMoreThanItMust(String body, String status) throws IOException {
    start(20_000);
    assertThat(post(body)).startsWith("HTTP/1.1 " + status + " ");
    assertThat(queue.events().isEmpty()).isEqualTo(!status.equals("200"));
  }

  private String post(String body) throws IOException {
    return answer(
        "POST /events HTTP/1.1\r\nHost: x\r\nIDENTITY_KEY: key\r\n"
            + "Content-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  @Test
  void boundsDepthNamesAndNumbers() throws IOException {
    start(20_000);
    for (String refused :
        List.of(
            "{\"a\":" + "[".repeat(64) + "]".repeat(64) + "}",
            "[{\"\":".repeat(1_000),
            "{\"" + "n".repeat(1_025) + "\":1}",
            "{\"a\":" + "1".repeat(1_001) + "}")) {
      assertThat(post(refused)).startsWith("HTTP/1.1 400 ");
    }
    assertServes();
    for (String taken :
        List.of(
            "{\"a\":" + "[".repeat(63) + "]".repeat(63) + "}",
            "{\"" + "n".repeat(1_024) + "\":1}",
            "{\"a\":" + "1".repeat(1_000) + "}")) {
      assertThat(post(taken)).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void refusesLongHeadsAndOtherProtocols() throws IOException {
    start(20_000);
    assertThat(answer("\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(answer("GET /" + "a".repeat(10_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 414 ");
    assertThat(answer("GET / HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(10_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ");
    assertServes();
  }

  /** The head, the body, and a body in drops: none of them holds a connection for long. */
  @Test
  void closesConnectionsOfSlowClients() throws Exception {
    start(500);
    String head =
        String.join(
            "\r\n",
            "POST /events HTTP/1.1",
            "Host: x",
            "IDENTITY_KEY: key",
            "Content-Type: application/json",
            "Content-Length: 100",
            "",
            "");
    try (Socket silent = connect();
        Socket beginning = connect();
        Socket body = connect()) {
      write(beginning, "POST /ev");
      write(body, head + "{");
      assertThat(answer(body)).startsWith("HTTP/1.1 408 ").contains("Connection: close");
      assertThat(answer(beginning)).isEmpty();
      assertThat(answer(silent)).isEmpty();
    }
    try (Socket drops = connect()) {
      write(drops, head.replace("100", "9999"));
      assertThatThrownBy(
              () -> {
                while (true) {
                  write(drops, " ");
                  Thread.sleep(50);
                }
              })
          .isInstanceOf(SocketException.class);
    }
    assertServes();
  }

  /** Those beyond the limit wait, and are served when others have gone. */
  @Test
  void boundsConnections() throws Exception {
    start(300);
    List<Socket> many = new ArrayList<>();
    for (int i = 0; i < 3 * MAX_CONNECTIONS; i++) {
      many.add(connect());
    }
    assertServes();
    for (Socket socket : many) {
      socket.close();
    }
  }
}
