package dev.atalaya.connectors;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the PEM files that the settings of TLS name. What cannot be read is a {@link
 * BrokerRefusedException} that names the setting and the file.
 */
public final class PemFile {

  /** Of keys in memory; keys of a store want one. */
  public static final char[] NO_PASSWORD = {};

  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  private PemFile() {}

  /** The certificates of {@code tls.ca}, to be trusted. */
  public static KeyStore authorities(String file) throws GeneralSecurityException, IOException {
    return trusted(certificates("tls.ca", file));
  }

  /** A store of certificates to be trusted. */
  public static KeyStore trusted(X509Certificate... certificates)
      throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    for (X509Certificate certificate : certificates) {
      store.setCertificateEntry("ca-" + store.size(), certificate);
    }
    return store;
  }

  public static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  /** All certificates of a file, at least one. */
  public static X509Certificate[] certificates(String setting, String file) {
    try {
      X509Certificate[] all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(read(setting, file)))
              .toArray(X509Certificate[]::new);
      if (all.length == 0) {
        throw new CertificateException("it is empty");
      }
      return all;
    } catch (CertificateException e) {
      throw new BrokerRefusedException(
          setting + " " + file + " holds no certificates in PEM form", e);
    }
  }

  /**
   * A store of the chain of {@code tls.cert} and its private key, under {@link #NO_PASSWORD}.
   *
   * @param keyFile null when the key is in the same file
   */
  public static KeyStore identity(String certFile, String keyFile)
      throws GeneralSecurityException, IOException {
    Certificate[] chain = certificates("tls.cert", certFile);
    KeyStore store = emptyStore();
    store.setKeyEntry(
        "identity",
        key(keyFile == null ? certFile : keyFile, chain[0].getPublicKey().getAlgorithm()),
        NO_PASSWORD,
        chain);
    return store;
  }

  private static PrivateKey key(String file, String algorithm) {
    Matcher pem = PRIVATE_KEY.matcher(new String(read("tls.key", file), US_ASCII));
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

  public static byte[] read(String setting, String file) {
    try {
      return Files.readAllBytes(Path.of(file));
    } catch (IOException e) {
      throw new BrokerRefusedException(setting + " " + file + " cannot be read", e);
    }
  }
}
