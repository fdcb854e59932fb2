package dev.atalaya.connectors.search;

import java.util.List;

/** Settings of tests: a store without login, with the aliases {@code alerts, reports, letters}. */
final class StoreSettings {

  private StoreSettings() {}

  static SearchSettings of(String url, long ageMillis, long timeoutMillis) {
    return new SearchSettings(
        List.of(url),
        "alerts",
        "reports",
        "letters",
        null,
        null,
        new SearchSettings.Batch(500, 5 << 20, ageMillis, 2),
        timeoutMillis);
  }
}
