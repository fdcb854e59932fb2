package dev.atalaya.connectors.search;

import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.Document;
import java.util.concurrent.CompletionException;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.util.FlinkRuntimeException;

/** The sink of Elasticsearch and OpenSearch. */
public final class SearchSinks {

  private static final Backoff BACKOFF = new Backoff(100, 10_000, 600_000);

  private SearchSinks() {}

  /** Nothing is connected here. */
  public static Sink<Document> create(SearchSettings settings) {
    return new SearchSink(settings, BACKOFF);
  }

  /**
   * Asks the store who it is and for the index templates of {@code setup-search}, each node once
   * until one answers.
   *
   * @throws dev.atalaya.connectors.BrokerRefusedException when it refuses, is no store, or is not
   *     set up
   * @throws org.apache.flink.util.FlinkRuntimeException when it does not answer
   */
  public static void check(SearchSettings settings) {
    StoreClient client = new StoreClient(settings);
    FlinkRuntimeException failure = null;
    for (String unused : settings.urls()) {
      String url = client.url();
      try {
        StoreCheck.ask(client, settings).join();
        return;
      } catch (CompletionException e) {
        failure = StoreFailures.explained(e.getCause(), url);
        if (failure instanceof BrokerRefusedException) {
          throw failure;
        }
      }
    }
    throw failure;
  }
}
