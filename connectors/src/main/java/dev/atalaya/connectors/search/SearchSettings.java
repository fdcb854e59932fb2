package dev.atalaya.connectors.search;

import dev.atalaya.connectors.Document;
import dev.atalaya.connectors.Secret;
import java.io.Serializable;
import java.util.List;

/**
 * Where documents go in Elasticsearch or OpenSearch, and how the client connects.
 *
 * <p>Each kind of document has an alias that is read, and behind it an index for each month, which
 * is written.
 *
 * @param urls of the store's nodes, such as {@code https://localhost:9200}, each of the same store;
 *     a path is kept, as proxies want it
 * @param alerts alias of the alerts
 * @param reports alias of the reports and ledgers
 * @param deadLetters alias of the dead letters, and of documents that the store refused
 * @param login or null
 * @param tls beyond what the machine itself trusts, or null
 * @param batch when a request is sent
 * @param timeoutMillis until a request without an answer is sent again
 */
public record SearchSettings(
    List<String> urls,
    String alerts,
    String reports,
    String deadLetters,
    Login login,
    Tls tls,
    Batch batch,
    long timeoutMillis)
    implements Serializable {

  public SearchSettings {
    urls = List.copyOf(urls);
  }

  /** The alias that documents of a kind are read by. */
  public String alias(Document.Kind kind) {
    return switch (kind) {
      case ALERT -> alerts;
      case REPORT -> reports;
      case DEAD_LETTER -> deadLetters;
    };
  }

  /** Who writes. */
  public sealed interface Login extends Serializable {}

  public record Basic(String username, Secret password) implements Login {}

  /**
   * @param encoded as Elasticsearch gives it: Base64 of {@code id:key}
   */
  public record ApiKey(Secret encoded) implements Login {

    /** Whether it can be sent: visible ASCII, without blanks. */
    public static boolean isEncoded(String text) {
      return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
  }

  /**
   * Exactly one is given.
   *
   * @param caFile certificates in PEM form that are trusted instead of the machine's, or null
   * @param fingerprint SHA-256 of the one certificate that is trusted, 64 hexadecimal digits in
   *     lower case, of the store's authority or of the store itself; or null
   */
  public record Tls(String caFile, String fingerprint) implements Serializable {}

  /**
   * A request is sent when one of the three is reached.
   *
   * @param documents in one request
   * @param bytes in one request
   * @param ageMillis of the oldest document that waits
   * @param requests under way at a time, of one writer
   */
  public record Batch(int documents, long bytes, long ageMillis, int requests)
      implements Serializable {}
}
