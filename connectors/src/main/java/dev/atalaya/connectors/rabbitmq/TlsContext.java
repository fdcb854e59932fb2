package dev.atalaya.connectors.rabbitmq;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.ConnectionFactory;
import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.PemFile;
import dev.atalaya.connectors.TlsFault;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.Tls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * TLS that checks: the certificate against the given authorities or the machine's own, its dates,
 * and the host name. The client's own shortcuts ({@code amqps://}, {@code useSslProtocol()}) know
 * no authorities but the machine's, and in the version that the stock reader asks for trust
 * everybody.
 */
final class TlsContext {

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private static final int PROBE_MILLIS = 3_000;

  /** Of the key in memory; keys of a store want one. */
  private static final char[] NO_PASSWORD = {};

  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  private TlsContext() {}

  /** Makes the factory's connections speak TLS. */
  static void use(Tls tls, ConnectionFactory factory) {
    factory.useSslProtocol(context(tls));
    factory.setSocketConfigurator(TlsContext::configure);
  }

  private static void configure(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    SSLSocket tls = (SSLSocket) socket;
    SSLParameters parameters = tls.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setProtocols(PROTOCOLS);
    tls.setSSLParameters(parameters);
  }

  /** Whether the answer to a TLS greeting is TLS, be it only that the certificate is unknown. */
  static boolean isSpokenAt(Address server) {
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(server.getHost(), server.getPort()), PROBE_MILLIS);
      plain.setSoTimeout(PROBE_MILLIS);
      SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
      try (SSLSocket tls =
          (SSLSocket) factory.createSocket(plain, server.getHost(), server.getPort(), true)) {
        tls.startHandshake();
        return true;
      }
    } catch (SSLException e) {
      return TlsFault.isIn(e)
          && !String.valueOf(e.getMessage()).contains("Unsupported or unrecognized");
    } catch (IOException e) {
      return false;
    }
  }

  private static SSLContext context(Tls tls) {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(tls.caFile() == null ? null : PemFile.authorities(tls.caFile()));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(tls.certFile() == null ? null : identity(tls), NO_PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new BrokerRefusedException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private static KeyStore identity(Tls tls) throws GeneralSecurityException, IOException {
    Certificate[] chain = PemFile.certificates("tls.cert", tls.certFile());
    String keyFile = tls.keyFile() == null ? tls.certFile() : tls.keyFile();
    KeyStore store = PemFile.emptyStore();
    store.setKeyEntry(
        "client", key(keyFile, chain[0].getPublicKey().getAlgorithm()), NO_PASSWORD, chain);
    return store;
  }

  private static PrivateKey key(String file, String algorithm) {
    Matcher pem = PRIVATE_KEY.matcher(new String(PemFile.read("tls.key", file), US_ASCII));
    try {
      if (!pem.find()) {
        throw new GeneralSecurityException("no BEGIN PRIVATE KEY");
      }
      byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new BrokerRefusedException(
          "tls.key "
              + file
              + " holds no unencrypted private key of the certificate's kind ("
              + algorithm
              + ") in PEM form of PKCS #8; make one with: openssl pkcs8 -topk8 -nocrypt",
          e);
    }
  }
}
