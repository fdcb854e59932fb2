package dev.atalaya.connectors.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.search.StoreClient.Answer;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** Asks the store who it is and for the index templates of {@code setup-search}. */
final class StoreCheck {

  private static final ObjectMapper JSON = new ObjectMapper();

  private StoreCheck() {}

  /**
   * Asks the node whose turn it is.
   *
   * @return completes exceptionally with a {@link BrokerRefusedException} when waiting heals
   *     nothing, or with an {@link IOException} when it may
   */
  static CompletableFuture<Void> ask(StoreClient client, SearchSettings settings) {
    String url = client.url();
    CompletableFuture<Void> asked =
        get(client, "/").thenAccept(answer -> requireStore(answer, url));
    for (String alias :
        Stream.of(settings.alerts(), settings.reports(), settings.deadLetters())
            .distinct()
            .toList()) {
      asked =
          asked
              .thenCompose(before -> get(client, "/_index_template/" + alias))
              .thenAccept(answer -> requireTemplate(answer, url, alias));
    }
    return asked;
  }

  private static CompletableFuture<Answer> get(StoreClient client, String path) {
    return client.send("GET", path, null, null);
  }

  private static void requireStore(Answer answer, String url) {
    requireAnswer(answer);
    if (!answer.isSuccess() || !isStore(answer.body())) {
      // Its body may be a whole page.
      throw StoreFailures.refused(new Answer(answer.status(), ""), url, "GET /");
    }
  }

  private static boolean isStore(String body) {
    try {
      return JSON.readTree(body).path("version").path("number").isTextual();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static void requireTemplate(Answer answer, String url, String alias) {
    requireAnswer(answer);
    if (answer.status() == 404) {
      throw new BrokerRefusedException(
          StoreFailures.at(url)
              + " has no index template "
              + alias
              + ": run ./atalaya setup-search CONFIG",
          null);
    }
    // Who may write need not be allowed to read templates.
    if (!answer.isSuccess() && answer.status() != 403) {
      throw StoreFailures.refused(answer, url, "GET /_index_template");
    }
  }

  private static void requireAnswer(Answer answer) {
    if (StoreFailures.isTransient(answer)) {
      throw new CompletionException(
          new IOException("status " + answer.status() + ": " + StoreFailures.reason(answer)));
    }
  }
}
