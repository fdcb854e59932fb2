package dev.atalaya.job.config;

import dev.atalaya.connectors.Secret;
import dev.atalaya.connectors.search.SearchSettings;
import dev.atalaya.connectors.search.SearchSettings.ApiKey;
import dev.atalaya.connectors.search.SearchSettings.Basic;
import dev.atalaya.connectors.search.SearchSettings.Batch;
import dev.atalaya.connectors.search.SearchSettings.Login;
import dev.atalaya.connectors.search.SearchSettings.Tls;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads the sinks {@code elasticsearch} and {@code opensearch}: the same keys. */
final class SearchSinkReader {

  private static final Pattern ALIAS = Pattern.compile("[a-z0-9][a-z0-9._-]{0,199}");
  private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1]");

  private SearchSinkReader() {}

  /**
   * @param system {@code elasticsearch} or {@code opensearch}
   */
  static SinkConfig read(String system, Section section) {
    List<String> urls = urls(section);
    String alerts = section.value("alerts", "atalaya-alerts", SearchSinkReader::alias);
    String reports = section.value("reports", "atalaya-reports", SearchSinkReader::alias);
    String deadLetters =
        section.value("dead-letters", "atalaya-dead-letters", SearchSinkReader::alias);
    Login login = login(section);
    Tls tls = tls(section);
    Batch batch = batch(section);
    long timeout = section.duration("timeout", "30s", "1s", "10m");
    boolean encrypted = urls.stream().allMatch(url -> url.startsWith("https:"));
    if (tls != null && !encrypted) {
      section.problem("tls", "has no effect on http; write https in every url, or remove it");
    }
    if (login != null && !encrypted && !urls.stream().allMatch(SearchSinkReader::isLoopback)) {
      section.warning("url", "sends the secret readable over the network; use https");
    }
    SinkConfig.Search sink =
        new SinkConfig.Search(
            system,
            new SearchSettings(urls, alerts, reports, deadLetters, login, tls, batch, timeout));
    checkAliases(section, sink);
    return sink;
  }

  private static List<String> urls(Section section) {
    List<String> urls = new ArrayList<>();
    for (String text : section.requiredTexts("url")) {
      try {
        urls.add(url(text));
      } catch (IllegalArgumentException e) {
        section.problem("url", "'" + Printable.escape(withoutUser(text)) + "' " + e.getMessage());
      }
    }
    return urls;
  }

  /** A password may be in it, also in what is no URL. */
  private static String withoutUser(String text) {
    return text.substring(text.lastIndexOf('@') + 1);
  }

  private static String url(String text) {
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("is no URL such as https://localhost:9200", e);
    }
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (uri.getHost() == null || !scheme.matches("https?") || uri.getPort() > 65_535) {
      throw new IllegalArgumentException("is no URL such as https://localhost:9200");
    }
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "must not hold a user or password: use 'username' and 'password' beside it");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException("must end with the port or a path");
    }
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath().replaceFirst("/+$", "");
    return scheme + "://" + uri.getHost() + port + path;
  }

  private static boolean isLoopback(String url) {
    return LOOPBACK.matcher(URI.create(url).getHost()).matches();
  }

  private static String alias(String text) {
    if (!ALIAS.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "must be up to 200 lower-case letters, digits, '.', '_' and '-', a letter or digit first");
    }
    return text;
  }

  /** Null when there is none. */
  private static Login login(Section section) {
    String username = section.text("username", null);
    Secret password = SecretReader.read(section, "password");
    Secret apiKey = SecretReader.read(section, "api-key");
    section.bothOrNone("username", "password");
    if (username != null && username.contains(":")) {
      section.problem("username", "cannot hold ':', where HTTP's password begins");
    }
    if (section.has("api-key") && section.has("username")) {
      section.problem("api-key", "give either this or username and password");
    }
    if (apiKey != null) {
      if (!ApiKey.isEncoded(apiKey.value())) {
        section.problem("api-key", "is none: give what the store calls 'encoded', on one line");
      }
      return new ApiKey(apiKey);
    }
    return username == null ? null : new Basic(username, password);
  }

  /** Null when there is none. */
  private static Tls tls(Section sink) {
    Section section = sink.section("tls");
    String ca = section.text("ca", null);
    String fingerprint = section.value("fingerprint", null, SearchSinkReader::fingerprint);
    section.close();
    if (!sink.has("tls")) {
      return null;
    }
    if (section.has("ca") == section.has("fingerprint")) {
      sink.problem("tls", "needs either 'ca' or 'fingerprint'");
    }
    return new Tls(ca, fingerprint);
  }

  private static String fingerprint(String text) {
    String digits = text.replace(":", "").toLowerCase(Locale.ROOT);
    if (!FINGERPRINT.matcher(digits).matches()) {
      throw new IllegalArgumentException("is no SHA-256 fingerprint: 64 hexadecimal digits");
    }
    return digits;
  }

  private static Batch batch(Section sink) {
    Section section = sink.section("batch");
    Batch batch =
        new Batch(
            section.wholeInt("documents", "500", 1, 10_000),
            section.size("size", "5mb", "1kb", "90mb"),
            section.duration("age", "1s", "10ms", "1m"),
            section.wholeInt("requests", "2", 1, 16));
    section.close();
    return batch;
  }

  /** Behind an alias are the indices {@code <alias>-*}, which must be no other's. */
  private static void checkAliases(Section section, SinkConfig.Search sink) {
    Map<String, String> aliases = aliases(sink);
    aliases.forEach(
        (key, alias) ->
            aliases.forEach(
                (otherKey, other) -> {
                  if (!key.equals(otherKey)
                      && overlap(alias, other)
                      && key.compareTo(otherKey) > 0) {
                    section.problem(
                        key,
                        "its indices could not be told from those of '"
                            + otherKey
                            + "': one name is the beginning of the other; choose another");
                  }
                }));
  }

  private static boolean overlap(String alias, String other) {
    return alias.equals(other) || alias.startsWith(other + "-") || other.startsWith(alias + "-");
  }

  /** What a sink must not have in common with another sink: its state is found by its aliases. */
  static void checkAlone(Section section, SinkConfig.Search sink, List<SinkConfig> others) {
    for (SinkConfig other : others) {
      if (other instanceof SinkConfig.Search search && aliases(search).equals(aliases(sink))) {
        section.problem(
            "alerts",
            "another sink names the same aliases, if in another store, and the state of both could"
                + " not be told apart; name others");
      }
    }
  }

  private static Map<String, String> aliases(SinkConfig.Search sink) {
    SearchSettings settings = sink.settings();
    // In the same order always: problems are told in it. A refused name is null.
    Map<String, String> aliases = new TreeMap<>();
    putIfRead(aliases, "alerts", settings.alerts());
    putIfRead(aliases, "dead-letters", settings.deadLetters());
    putIfRead(aliases, "reports", settings.reports());
    return aliases;
  }

  private static void putIfRead(Map<String, String> aliases, String key, String alias) {
    if (alias != null) {
      aliases.put(key, alias);
    }
  }
}
