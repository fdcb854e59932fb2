package dev.atalaya.dashboard.follow;

import dev.atalaya.connectors.Document;
import dev.atalaya.connectors.search.SearchSettings;
import dev.atalaya.connectors.search.StoreClient;
import dev.atalaya.dashboard.history.History;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Follows the sink of Elasticsearch or OpenSearch: the documents behind its three aliases. */
public final class SearchFollower extends Polling {

  private static final long PAUSE_MILLIS = 1_000;

  private final List<AliasReader> aliases;

  /**
   * @param system {@code elasticsearch} or {@code opensearch}
   * @param windows how many of each detector are wanted
   */
  public SearchFollower(History history, String system, SearchSettings settings, int windows) {
    super(
        history,
        system,
        String.join(", ", settings.urls())
            + ": "
            + listed(Arrays.stream(Document.Kind.values()).map(settings::alias).toList()),
        PAUSE_MILLIS);
    StoreQueries store = new StoreQueries(new StoreClient(settings));
    Beginning beginning = new Beginning(store, settings.reports(), windows);
    aliases =
        Arrays.stream(Document.Kind.values())
            .map(settings::alias)
            .distinct()
            .map(alias -> new AliasReader(store, alias, beginning, this::take))
            .toList();
  }

  @Override
  boolean poll() throws IOException {
    boolean isMore = false;
    for (AliasReader alias : aliases) {
      isMore |= alias.poll();
    }
    return isMore;
  }

  @Override
  void disconnect() {
    // The client looks for another node by itself.
  }
}
