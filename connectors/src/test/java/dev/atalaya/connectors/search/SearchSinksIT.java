package dev.atalaya.connectors.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.connectors.BoundedWrite;
import dev.atalaya.connectors.Document;
import dev.atalaya.connectors.Document.Kind;
import dev.atalaya.connectors.DocumentSerializer;
import dev.atalaya.connectors.LineDecoder;
import dev.atalaya.connectors.Running;
import dev.atalaya.connectors.files.FileSourceSettings;
import dev.atalaya.connectors.files.FileSources;
import dev.atalaya.fixtures.NaughtyStrings;
import dev.atalaya.fixtures.SearchStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sink and real stores, with mappings as strict as those of {@code setup-search}. */
@Timeout(240)
class SearchSinksIT {

  @RegisterExtension private static final MiniClusterExtension FLINK = Running.cluster();

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String STRICT =
      """
      {"index_patterns": ["ALIAS-*"],
       "template": {
         "settings": {"number_of_replicas": 0},
         "aliases": {"ALIAS": {}},
         "mappings": {"dynamic": "strict", "properties": {
           "@timestamp": {"type": "date"},
           "message": {"type": "text"},
           "event": {"properties": {
             "id": {"type": "keyword"}, "kind": {"type": "keyword"},
             "action": {"type": "keyword"}, "reason": {"type": "keyword"}}},
           "Atalaya": {"properties": {
             "key": {"type": "keyword", "ignore_above": 1024}, "reason": {"type": "keyword"},
             "detail": {"type": "text"}, "origin": {"type": "keyword"},
             "raw_base64": {"type": "keyword", "index": false, "doc_values": false},
             "raw_length": {"type": "long"}}}}}}}
      """;

  private static final long FEBRUARY_MILLIS = Duration.ofDays(31).toMillis();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"elasticsearch", "opensearch"})
  void storesEverythingOnceWhateverItIs(String product) throws Exception {
    try (SearchStore store = store(product)) {
      SearchSinks.check(settings(store));
      refusesOneDocumentOf500(store);
      writesHostileKeysAsValuesAndTwiceChangesNothing(store);
      othersPassByAnIndexWithoutAShard(store);
      survivesTheEndOfTheStore(store);
    }
  }

  private static SearchStore store(String product) {
    SearchStore store =
        product.equals("opensearch") ? SearchStore.opensearch() : SearchStore.elasticsearch();
    for (String alias : List.of("alerts", "reports", "letters")) {
      store.request("PUT", "/_index_template/" + alias, STRICT.replace("ALIAS", alias));
    }
    return store;
  }

  private static void refusesOneDocumentOf500(SearchStore store) throws Exception {
    Document[] alerts =
        IntStream.range(0, 500)
            .mapToObj(n -> alert("a" + n, "Atalaya", "key", "k" + n))
            .toArray(Document[]::new);
    alerts[123] = alert("a123", "Atalaya", "unknown.field", "x");
    write(store, alerts);
    Map<String, JsonNode> stored = stored(store, "alerts");
    assertThat(stored).hasSize(499).doesNotContainKey("alerts-1970.01/a123/1");
    JsonNode letter =
        assertThat(store.documents("letters")).singleElement().actual().get("_source");
    assertThat(letter.at("/Atalaya/origin").asText()).isEqualTo("alerts-1970.01/a123");
    assertThat(letter.at("/Atalaya/reason").asText()).isEqualTo("store-refused");
    assertThat(letter.at("/Atalaya/detail").asText())
        .startsWith("strict_dynamic_mapping_exception: ");
  }

  private static void writesHostileKeysAsValuesAndTwiceChangesNothing(SearchStore store)
      throws Exception {
    JsonNode mapping = store.request("GET", "/alerts/_mapping", "");
    List<String> keys =
        Stream.concat(
                Stream.of(
                    "a.b.c", "_id", "<b onclick=f()>", "\u0000\u001b[1m\n", "x".repeat(40_960)),
                NaughtyStrings.all().stream()
                    .filter(bytes -> Arrays.equals(new String(bytes, UTF_8).getBytes(UTF_8), bytes))
                    .map(bytes -> new String(bytes, UTF_8)))
            .toList();
    assertThat(keys).hasSize(381);
    Document[] alerts =
        IntStream.range(0, keys.size())
            .mapToObj(n -> alert("h" + n, "Atalaya", "key", keys.get(n)))
            .toArray(Document[]::new);
    write(store, alerts);
    Map<String, JsonNode> stored = stored(store, "alerts");
    assertThat(stored).hasSize(499 + keys.size());
    for (int n = 0; n < keys.size(); n++) {
      assertThat(stored.get("alerts-1970.01/h" + n + "/1"))
          .isEqualTo(JSON.readTree(alerts[n].json()));
    }
    write(store, alerts);
    assertThat(stored(store, "alerts")).isEqualTo(stored);
    assertThat(store.request("GET", "/alerts/_mapping", "")).isEqualTo(mapping);
    assertThat(store.count("letters")).isEqualTo(1);
  }

  private static void othersPassByAnIndexWithoutAShard(SearchStore store) throws Exception {
    String place = "{\"index.routing.allocation.require._name\": %s}";
    store.request(
        "PUT",
        "/alerts-1970.02?wait_for_active_shards=0",
        "{\"settings\": " + place.formatted("\"nobody\"") + "}");
    long before = store.count("alerts-1970.01");
    Document[] alerts =
        IntStream.range(0, 600)
            .mapToObj(n -> alert("r" + n, n % 2 * FEBRUARY_MILLIS, "Atalaya", "key", "k" + n))
            .toArray(Document[]::new);
    CompletableFuture<Void> job =
        CompletableFuture.runAsync(() -> writeUnchecked(settings(store, 4_000), alerts));
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> store.count("alerts-1970.01") == before + 300);
    assertThat(job).isNotDone();
    store.request("PUT", "/alerts-1970.02/_settings", place.formatted("null"));
    job.get(2, TimeUnit.MINUTES);
    assertThat(store.count("alerts-1970.02")).isEqualTo(300);
    assertThat(store.count("letters")).isEqualTo(1);
  }

  private static void writeUnchecked(SearchSettings settings, Document... documents) {
    try {
      write(settings, documents);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void survivesTheEndOfTheStore(SearchStore store) throws Exception {
    long before = store.count("alerts");
    int documents = 20_000;
    JobClient job = copying(store);
    feed("1", 0, documents / 2);
    await().atMost(Duration.ofMinutes(1)).until(() -> store.count("alerts") > before);
    store.kill();
    feed("2", documents / 2, documents);
    store.restart();
    await().atMost(Duration.ofMinutes(2)).until(() -> store.count("alerts") >= before + documents);
    assertThat(job.getJobStatus().get()).isEqualTo(JobStatus.RUNNING);
    job.cancel().get();
    Map<String, JsonNode> stored = stored(store, "alerts");
    assertThat(stored).hasSize((int) before + documents);
    assertThat(stored.keySet())
        .containsAll(
            IntStream.range(0, documents).mapToObj(n -> "alerts-1970.01/s" + n + "/1").toList());
  }

  private static Document alert(String id, String object, String field, String value) {
    return alert(id, 0, object, field, value);
  }

  private static Document alert(
      String id, long timeMillis, String object, String field, String value) {
    ObjectNode json = JSON.createObjectNode();
    json.putObject("event").put("id", id);
    json.putObject(object).put(field, value);
    return new Document(Kind.ALERT, id, "k", timeMillis, json.toString());
  }

  /** By index, id and version. */
  private static Map<String, JsonNode> stored(SearchStore store, String alias) {
    Map<String, JsonNode> stored = new TreeMap<>();
    for (JsonNode document : store.documents(alias)) {
      stored.put(
          document.get("_index").asText()
              + "/"
              + document.get("_id").asText()
              + "/"
              + document.get("_version").asText(),
          document.get("_source"));
    }
    return stored;
  }

  private static void write(SearchStore store, Document... documents) throws Exception {
    write(settings(store), documents);
  }

  private static void write(SearchSettings settings, Document... documents) throws Exception {
    BoundedWrite.to(SearchSinks.create(settings), documents);
  }

  /** Whatever fails ends the job, which is then not running. */
  private JobClient copying(SearchStore store) throws Exception {
    Configuration configuration = new Configuration();
    configuration.setString("restart-strategy.type", "none");
    configuration.setString("execution.checkpointing.interval", "200 ms");
    Files.createDirectories(folder.resolve("in"));
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(1);
    env.fromSource(
            FileSources.create(
                new FileSourceSettings(folder.resolve("in").toString(), 20, 1_000, false),
                new LineDecoder()),
            WatermarkStrategy.noWatermarks(),
            "source")
        .uid("source")
        .map(line -> alert(line, "Atalaya", "key", line))
        .returns(DocumentSerializer.TYPE)
        .uid("map")
        .sinkTo(new SearchSink(settings(store), new Backoff(100, 1_000, 0)))
        .uid("sink");
    return env.executeAsync();
  }

  private void feed(String name, int from, int to) throws IOException {
    Path hidden = Files.createDirectories(folder.resolve("new")).resolve(name);
    Files.write(hidden, IntStream.range(from, to).mapToObj(n -> "s" + n).toList());
    Files.move(hidden, folder.resolve("in").resolve(name));
  }

  private static SearchSettings settings(SearchStore store) {
    return settings(store, 30_000);
  }

  private static SearchSettings settings(SearchStore store, long timeoutMillis) {
    return StoreSettings.of(store.url(), 200, timeoutMillis);
  }
}
