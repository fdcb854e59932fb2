package dev.atalaya.connectors.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.Secret;
import dev.atalaya.connectors.search.SearchSettings.ApiKey;
import dev.atalaya.connectors.search.SearchSettings.Basic;
import dev.atalaya.connectors.search.SearchSettings.Login;
import dev.atalaya.connectors.search.SearchSettings.Tls;
import dev.atalaya.connectors.search.StoreClient.Answer;
import dev.atalaya.fixtures.CertificateAuthority;
import dev.atalaya.fixtures.CertificateAuthority.Identity;
import dev.atalaya.fixtures.FreePort;
import dev.atalaya.fixtures.StubSearchStore;
import dev.atalaya.fixtures.StubSearchStore.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.FlinkRuntimeException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class StoreClientTest {

  @TempDir static Path folder;

  private static CertificateAuthority authority;
  private static Identity server;
  private static CertificateAuthority other;

  @BeforeAll
  static void makeCertificates() {
    authority = CertificateAuthority.create(folder.resolve("authority"));
    server = authority.issue("server", "dns:localhost");
    other = CertificateAuthority.create(folder.resolve("other"));
  }

  @Test
  void sendsAndReadsTextWithTheLoginAtOnce() throws Exception {
    try (StubSearchStore store = StubSearchStore.plain()) {
      store.onOther(request -> Reply.status(200, "{\"é\":1}"));
      Login basic = new Basic("ana", new Secret("pässword"));
      StoreClient client = new StoreClient(settings(basic, null, 30_000, store.url() + "/p/"));
      assertThat(client.send("POST", "/a?b=c", "text/x", "ñ".getBytes(UTF_8)).get())
          .isEqualTo(new Answer(200, "{\"é\":1}"));
      new StoreClient(settings(new ApiKey(new Secret("aWQ6a2V5")), null, 30_000, store.url()))
          .ask("GET", "/", null);
      new StoreClient(settings(null, null, 30_000, store.url())).ask("GET", "/", null);
      assertThat(store.requests())
          .containsExactly(
              new StubSearchStore.Request("POST", "/p/a", "b=c", "Basic YW5hOnDDpHNzd29yZA==", "ñ"),
              new StubSearchStore.Request("GET", "/", null, "ApiKey aWQ6a2V5", ""),
              new StubSearchStore.Request("GET", "/", null, null, ""));
    }
  }

  @Test
  void followsNoRedirect() {
    try (StubSearchStore store = StubSearchStore.plain()) {
      store.onOther(request -> Reply.status(302, ""));
      assertThat(client(store, null).ask("GET", "/", null)).isEqualTo(new Answer(302, ""));
    }
  }

  @Test
  void waitsNoLongerThanItsTimeoutForTheWholeAnswer() {
    try (StubSearchStore store = StubSearchStore.plain()) {
      store.onOther(request -> Reply.status(200, "{}").after(30_000));
      StoreClient client = new StoreClient(settings(null, null, 100, store.url()));
      assertThatThrownBy(() -> client.send("GET", "/", null, null).get())
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IOException.class)
          .hasMessageContaining("no whole answer within 100 ms (timeout)");
    }
  }

  @Test
  void anAnswerThatIsCutOrTooLongIsNone() {
    try (StubSearchStore store = StubSearchStore.plain()) {
      store.onOther(request -> Reply.status(200, "{\"x\":1}").cut());
      assertThatThrownBy(() -> client(store, null).send("GET", "/", null, null).get())
          .hasCauseInstanceOf(IOException.class);
      store.onOther(request -> Reply.status(200, "x".repeat(StoreClient.MAX_ANSWER_BYTES + 1)));
      assertThatThrownBy(() -> client(store, null).send("GET", "/", null, null).get())
          .hasCauseInstanceOf(IOException.class)
          .hasMessageContaining("the answer is longer than 33554432 bytes");
    }
  }

  @Test
  void goesToTheNextNodeWhenOneIsAway() {
    try (StubSearchStore store = StubSearchStore.plain()) {
      String away = "http://localhost:" + FreePort.pick();
      StoreClient client = new StoreClient(settings(null, null, 30_000, away, store.url()));
      assertThat(client.ask("GET", "/", null).isSuccess()).isTrue();
      assertThat(client.url()).isEqualTo(store.url());
      StoreClient lost = new StoreClient(settings(null, null, 30_000, away));
      assertThatThrownBy(() -> lost.ask("GET", "/", null))
          .isExactlyInstanceOf(FlinkRuntimeException.class)
          .hasMessage("The store at " + away + ": Connection refused");
    }
  }

  @Test
  void saysThatAHostIsNotKnown() {
    StoreClient lost = new StoreClient(settings(null, null, 30_000, "http://absent.invalid:1"));
    assertThatThrownBy(() -> lost.ask("GET", "/", null))
        .isExactlyInstanceOf(FlinkRuntimeException.class)
        .hasMessage("The store at http://absent.invalid:1: the host is not known (url)");
  }

  @Test
  void saysThatThePasswordIsWrongAndDoesNotShowIt() {
    try (StubSearchStore store = StubSearchStore.plain()) {
      Login login = new Basic("ana", new Secret("wrong-secret"));
      StoreClient client = new StoreClient(settings(login, null, 30_000, store.url()));
      store.onOther(request -> Reply.status(401, ""));
      assertRefused(client, "does not know the user, or refuses the password (username, password,")
          .satisfies(
              e -> assertThat(ExceptionUtils.stringifyException(e)).doesNotContain("wrong-secret"));
      store.onOther(
          request ->
              Reply.status(403, "{\"error\":{\"type\":\"security_exception\",\"reason\":\"no\"}}"));
      assertRefused(
          client, "does not permit GET / to this user (username, api-key): security_exception: no");
    }
  }

  @Test
  void trustsTheAuthorityOfTheFileOrOfTheFingerprintOrTheServerItself() throws Exception {
    try (StubSearchStore store = StubSearchStore.withTls(server)) {
      for (Tls tls :
          List.of(
              new Tls(authority.certificate().toString(), null),
              new Tls(null, fingerprint(authority.certificate())),
              new Tls(null, fingerprint(server.certificate())))) {
        assertThat(client(store, tls).ask("GET", "/", null).isSuccess()).isTrue();
      }
    }
  }

  @Test
  void trustsNobodyElse() throws Exception {
    try (StubSearchStore store = StubSearchStore.withTls(server)) {
      assertRefused(
          client(store, new Tls(other.certificate().toString(), null)),
          "its certificate is signed by nobody whom the certificates here trust (tls.ca)");
      assertRefused(client(store, null), "(tls.ca)");
      String fingerprint = fingerprint(other.certificate());
      assertRefused(
          client(store, new Tls(null, fingerprint)),
          "no certificate that it shows has the fingerprint " + fingerprint + " (tls.fingerprint)");
    }
  }

  /** Somebody else's certificate with the trusted one behind it, which has not signed it. */
  @Test
  void doesNotTrustACertificateThatOnlyComesWithTheTrustedOne() throws Exception {
    Identity stranger = other.issue("stranger", "dns:localhost");
    String leaf = Files.readString(stranger.certificate());
    leaf = leaf.substring(0, leaf.indexOf("-----END CERTIFICATE-----") + 26);
    Path chain = folder.resolve("chain.pem");
    Files.writeString(chain, leaf + Files.readString(authority.certificate()));
    try (StubSearchStore store =
        StubSearchStore.withTls(new Identity(chain, stranger.key(), stranger.both()))) {
      assertRefused(client(store, new Tls(null, fingerprint(authority.certificate()))), "(tls.");
    }
  }

  @Test
  void checksHostNameAndDatesAlsoWithAFingerprint() throws Exception {
    Identity elsewhere = authority.issue("elsewhere", "dns:elsewhere");
    Identity expired = authority.issueExpired("expired", "dns:localhost");
    for (String fingerprint :
        List.of(fingerprint(authority.certificate()), fingerprint(elsewhere.certificate()))) {
      try (StubSearchStore store = StubSearchStore.withTls(elsewhere)) {
        assertRefused(
            client(store, new Tls(null, fingerprint)),
            "its certificate is for another host name (url)");
      }
    }
    for (String fingerprint :
        List.of(fingerprint(authority.certificate()), fingerprint(expired.certificate()))) {
      try (StubSearchStore store = StubSearchStore.withTls(expired)) {
        assertRefused(
            client(store, new Tls(null, fingerprint)), "its certificate has expired (url)");
      }
    }
  }

  @Test
  void saysThatThereIsNoTlsAndWhichFileCannotBeRead() throws IOException {
    // As a real store does; the stub would wait for the end of the line.
    try (ServerSocket plain = new ServerSocket(0)) {
      CompletableFuture<Void> answer =
          CompletableFuture.runAsync(
              () -> {
                try (Socket socket = plain.accept()) {
                  socket.getInputStream().read(new byte[4096]);
                  socket
                      .getOutputStream()
                      .write("HTTP/1.0 400 Bad Request\r\n\r\n".getBytes(UTF_8));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      StoreClient client =
          new StoreClient(
              settings(null, null, 30_000, "https://localhost:" + plain.getLocalPort()));
      assertRefused(client, "it does not speak TLS on this port (url, tls)");
      answer.join();
    }
    String missing = folder.resolve("absent.pem").toString();
    assertThatThrownBy(
            () -> new StoreClient(settings(null, new Tls(missing, null), 1, "https://localhost")))
        .isInstanceOf(BrokerRefusedException.class)
        .hasMessage("tls.ca " + missing + " cannot be read");
  }

  /** As a proxy does whose store is away, and a store that ends. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void waitsForAServerThatGoesAwayInTheHandshake(boolean hearsTheClient) throws IOException {
    try (ServerSocket server = new ServerSocket(0)) {
      // The client connects a second time by itself.
      Thread ending =
          new Thread(
              () -> {
                while (!server.isClosed()) {
                  try (Socket socket = server.accept()) {
                    if (hearsTheClient) {
                      socket.getInputStream().read(new byte[4096]);
                    }
                  } catch (IOException e) {
                    // The client's end, or the test's.
                  }
                }
              });
      ending.start();
      StoreClient client =
          new StoreClient(
              settings(null, null, 30_000, "https://localhost:" + server.getLocalPort()));
      assertThatThrownBy(() -> client.ask("GET", "/", null))
          .isExactlyInstanceOf(FlinkRuntimeException.class);
    }
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(StoreClient client, String message) {
    return assertThatThrownBy(() -> client.ask("GET", "/", null))
        .isInstanceOf(BrokerRefusedException.class)
        .hasMessageContaining(message);
  }

  private static String fingerprint(Path pem) throws Exception {
    Certificate first =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(pem)))
            .iterator()
            .next();
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(first.getEncoded());
    return HexFormat.of().formatHex(digest);
  }

  private static StoreClient client(StubSearchStore store, Tls tls) {
    return new StoreClient(settings(null, tls, 30_000, store.url()));
  }

  private static SearchSettings settings(Login login, Tls tls, long timeoutMillis, String... urls) {
    return new SearchSettings(
        List.of(urls),
        "alerts",
        "reports",
        "dead-letters",
        login,
        tls,
        new SearchSettings.Batch(500, 5 << 20, 1_000, 2),
        timeoutMillis);
  }
}
