package dev.atalaya.connectors;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/**
 * Reads the PEM files that the settings of TLS name. What cannot be read is a {@link
 * BrokerRefusedException} that names the setting and the file.
 */
public final class PemFile {

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

  public static byte[] read(String setting, String file) {
    try {
      return Files.readAllBytes(Path.of(file));
    } catch (IOException e) {
      throw new BrokerRefusedException(setting + " " + file + " cannot be read", e);
    }
  }
}
