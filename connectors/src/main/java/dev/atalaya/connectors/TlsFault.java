package dev.atalaya.connectors;

import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLException;
import org.apache.flink.util.ExceptionUtils;

/** What TLS did not like about a server, for whoever wrote the settings. */
public final class TlsFault {

  private TlsFault() {}

  /**
   * Whether TLS is what failed. A server that goes away in the middle of a handshake is no
   * stranger.
   */
  public static boolean isIn(Throwable failure) {
    return ExceptionUtils.findThrowable(failure, SSLException.class)
        .filter(
            tls ->
                !has(tls, EOFException.class)
                    && !has(tls, SocketException.class)
                    && !has(tls, SocketTimeoutException.class)
                    && !has(tls, UnknownHostException.class)
                    // The HTTP client's engine, unlike a socket, gives no cause.
                    && !says(tls, "terminated the handshake")
                    && !says(tls, "closed the channel")
                    && !says(tls, "close_notify during handshake"))
        .isPresent();
  }

  /**
   * One clause about "it", the server, with the setting to look at.
   *
   * @param address the setting that holds the server's host
   * @param security the section of the configuration that holds {@code ca}
   */
  public static String describe(Throwable failure, String address, String security) {
    if (has(failure, CertificateExpiredException.class)) {
      return "its certificate has expired (" + address + ")";
    }
    if (says(failure, "unable to find valid certification path")
        || has(failure, CertPathValidatorException.class)) {
      return "its certificate is signed by nobody whom the certificates here trust ("
          + security
          + ".ca)";
    }
    if (says(failure, "No subject alternative") || says(failure, "No name matching")) {
      return "its certificate is for another host name (" + address + ")";
    }
    if (says(failure, "protocol_version") || says(failure, "protocol version")) {
      return "it speaks no TLS from 1.2 on (" + address + ")";
    }
    if (says(failure, "nrecognized SSL message")) {
      return "it does not speak TLS on this port (" + address + ", " + security + ")";
    }
    return innermost(failure) + " (" + security + ")";
  }

  /** What went wrong, without what wraps it. */
  public static String innermost(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
    return ExceptionUtils.findThrowable(failure, kind).isPresent();
  }

  private static boolean says(Throwable failure, String words) {
    return ExceptionUtils.findThrowableWithMessage(failure, words).isPresent();
  }
}
