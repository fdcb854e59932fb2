package dev.atalaya.connectors.search;

import dev.atalaya.connectors.Document;
import org.apache.flink.api.connector.sink2.Sink;

/** The sink of Elasticsearch and OpenSearch. */
public final class SearchSinks {

  private SearchSinks() {}

  /** Nothing is connected here. */
  public static Sink<Document> create(SearchSettings settings) {
    throw new UnsupportedOperationException();
  }

  /**
   * Asks the store who it is and for the index templates of {@code setup-search}.
   *
   * @throws dev.atalaya.connectors.BrokerRefusedException when it refuses, is no store, or is not
   *     set up
   * @throws org.apache.flink.util.FlinkRuntimeException when it does not answer
   */
  public static void check(SearchSettings settings) {
    throw new UnsupportedOperationException();
  }
}
