package dev.atalaya.bench.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.atalaya.connectors.Document;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/**
 * The least that stores documents in bulk: looks at no answer, tries nothing again, keeps nothing.
 * A count of the store's documents has to tell whether all went well.
 */
final class BulkLoop {

  private static final int DOCUMENTS = 500;
  private static final int REQUESTS = 2;

  private static final DateTimeFormatter MONTH =
      DateTimeFormatter.ofPattern("uuuu.MM", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI bulk;
  private final String alias;

  final LongAdder made = new LongAdder();
  final LongAdder answered = new LongAdder();

  BulkLoop(String url, String alias) {
    // The shortest answer there is.
    bulk = URI.create(url + "/_bulk?filter_path=errors");
    this.alias = alias;
  }

  /**
   * Writes alerts {@code first}, {@code first + step} and so on below {@code end}, two requests
   * under way at a time. Several threads may do so.
   */
  void write(AlertMaker maker, long first, int step, long end) {
    Semaphore free = new Semaphore(REQUESTS);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int documents = 0;
    for (long event = first; event < end; event += step) {
      put(maker.make(event), body);
      made.increment();
      if (++documents == DOCUMENTS || event + step >= end) {
        post(body.toByteArray(), documents, free);
        body.reset();
        documents = 0;
      }
    }
    free.acquireUninterruptibly(REQUESTS);
  }

  private void put(Document alert, ByteArrayOutputStream body) {
    String index = alias + "-" + MONTH.format(Instant.ofEpochMilli(alert.eventTimeMillis()));
    String action = "{\"create\":{\"_index\":\"" + index + "\",\"_id\":\"" + alert.id() + "\"}}\n";
    body.writeBytes(action.getBytes(UTF_8));
    body.writeBytes(alert.json().getBytes(UTF_8));
    body.write('\n');
  }

  private void post(byte[] body, int documents, Semaphore free) {
    free.acquireUninterruptibly();
    HttpRequest request =
        HttpRequest.newBuilder(bulk)
            .header("content-type", "application/x-ndjson")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    var unused =
        http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
            .whenComplete(
                (answer, failure) -> {
                  answered.add(documents);
                  free.release();
                });
  }
}
