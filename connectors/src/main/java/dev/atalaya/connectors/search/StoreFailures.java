package dev.atalaya.connectors.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.TlsFault;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Set;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.FlinkRuntimeException;

/** Why a store could not be used, in one sentence, with the setting to look at. */
final class StoreFailures {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int MAX_REASON = 500;

  /** For want of disk space, or while the cluster forms; whatever the status. */
  static final String BLOCK = "cluster_block_exception";

  /** Of an index that no document can be written to until somebody opens or makes it. */
  static final Set<String> ABOUT_INDEX =
      Set.of("index_not_found_exception", "index_closed_exception");

  private StoreFailures() {}

  /**
   * Of a request without a whole answer.
   *
   * @return a {@link BrokerRefusedException} when waiting cannot heal it
   */
  static FlinkRuntimeException explained(Throwable failure, String url) {
    if (failure instanceof BrokerRefusedException refused) {
      return refused;
    }
    if (TlsFault.isIn(failure)) {
      return new BrokerRefusedException(
          at(url)
              + " cannot be reached by TLS: "
              + ExceptionUtils.findThrowable(
                      failure, TrustByFingerprint.UnknownFingerprintException.class)
                  .map(e -> e.getMessage() + " (tls.fingerprint)")
                  .orElseGet(() -> TlsFault.describe(failure, "url", "tls")),
          failure);
    }
    return new FlinkRuntimeException(at(url) + ": " + outage(failure), failure);
  }

  private static String outage(Throwable failure) {
    if (has(failure, UnresolvedAddressException.class)
        || has(failure, UnknownHostException.class)) {
      return "the host is not known (url)";
    }
    Throwable innermost = failure;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return innermost.getMessage() != null
        ? innermost.getMessage()
        : has(failure, ConnectException.class)
            ? "Connection refused"
            : innermost.getClass().getSimpleName();
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
    return ExceptionUtils.findThrowable(failure, kind).isPresent();
  }

  /** Whether the store can be expected to answer otherwise later. */
  static boolean isTransient(StoreClient.Answer answer) {
    return answer.status() == 408
        || answer.status() == 429
        || answer.status() / 100 == 5
        || (!answer.isSuccess() && answer.body().contains(BLOCK));
  }

  /**
   * Whether it is not about the document, and may pass: a block, no room for another index, or an
   * ingest pipeline that is not there, as somebody may have deleted it and a store that starts may
   * not know it yet.
   */
  static boolean isOfStore(Bulk.Item item) {
    return item.type().equals(BLOCK)
        || (item.type().equals("validation_exception")
            && item.reason().contains("this action would add ["))
        || (item.type().equals("illegal_argument_exception")
            && item.reason().startsWith("pipeline with id ["));
  }

  static BrokerRefusedException refused(StoreClient.Answer answer, String url, String wanted) {
    String what =
        switch (answer.status()) {
          case 401 ->
              " does not know the user, or refuses the password (username, password, api-key)";
          case 403 -> " does not permit " + wanted + " to this user (username, api-key)";
          default ->
              " is no Elasticsearch or OpenSearch: it answers "
                  + wanted
                  + " with status "
                  + answer.status()
                  + " (url)";
        };
    String reason = reason(answer);
    return new BrokerRefusedException(
        at(url) + what + (reason.isEmpty() ? "" : ": " + reason), null);
  }

  /** What the store gave as a reason, bounded, or the beginning of whatever it said. */
  static String reason(StoreClient.Answer answer) {
    String reason = answer.body();
    try {
      JsonNode error = JSON.readTree(reason).path("error");
      if (error.has("type")) {
        reason = error.path("type").asText() + ": " + error.path("reason").asText();
        JsonNode cause = error.path("caused_by");
        while (cause.path("caused_by").has("reason")) {
          cause = cause.path("caused_by");
        }
        if (cause.has("reason")) {
          reason += ": " + cause.path("reason").asText();
        }
      } else if (error.isTextual()) {
        reason = error.asText();
      }
    } catch (JsonProcessingException e) {
      // Not of a store; as it is, then.
    }
    return printable(reason, MAX_REASON);
  }

  /** One line without control characters, and nothing that hides or turns what follows. */
  static String printable(String text, int maxLength) {
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < text.length() && safe.length() < maxLength; i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        safe.append(c).append(text.charAt(++i));
      } else if (isPlain(c)) {
        safe.append(c);
      } else {
        safe.append(String.format("\\u%04x", (int) c));
      }
    }
    return safe.toString();
  }

  private static boolean isPlain(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  static String at(String url) {
    return "The store at " + url;
  }
}
