package dev.atalaya.connectors.search;

import dev.atalaya.connectors.PemFile;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts one certificate and what it has signed, nothing else. The certificate is known by its
 * SHA-256 and taken from the chain that the server shows; signatures, dates and the host name are
 * then checked as ever.
 */
final class TrustByFingerprint extends X509ExtendedTrustManager {

  private final String fingerprint;

  /**
   * @param fingerprint 64 hexadecimal digits in lower case
   */
  TrustByFingerprint(String fingerprint) {
    this.fingerprint = fingerprint;
  }

  /** Of the machine's own authorities, or of those in the key store. */
  static X509ExtendedTrustManager trusting(KeyStore authorities) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities);
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509ExtendedTrustManager.class::isInstance)
        .map(X509ExtendedTrustManager.class::cast)
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    // The platform takes a server's certificate that is itself trusted without a look at its dates.
    chain[0].checkValidity();
    anchored(chain).checkServerTrusted(chain, authType, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    chain[0].checkValidity();
    anchored(chain).checkServerTrusted(chain, authType, socket);
  }

  /** Without a connection there is no host name to check. */
  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("not without a connection");
  }

  private X509ExtendedTrustManager anchored(X509Certificate[] chain) throws CertificateException {
    try {
      for (X509Certificate certificate : chain) {
        if (fingerprint.equals(sha256(certificate))) {
          return trusting(PemFile.trusted(certificate));
        }
      }
    } catch (GeneralSecurityException | IOException e) {
      throw new CertificateException(e);
    }
    throw new UnknownFingerprintException(
        "no certificate that it shows has the fingerprint " + fingerprint);
  }

  private static String sha256(X509Certificate certificate)
      throws NoSuchAlgorithmException, CertificateException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
    return HexFormat.of().formatHex(digest);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("no server");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw new CertificateException("no server");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("no server");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  /** The server is somebody else. */
  static final class UnknownFingerprintException extends CertificateException {
    UnknownFingerprintException(String message) {
      super(message);
    }
  }
}
