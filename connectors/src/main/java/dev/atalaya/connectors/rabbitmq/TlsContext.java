package dev.atalaya.connectors.rabbitmq;

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
      keys.init(
          tls.certFile() == null ? null : PemFile.identity(tls.certFile(), tls.keyFile()),
          PemFile.NO_PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new BrokerRefusedException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }
}
