package dev.atalaya.connectors.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.atalaya.connectors.BoundedWrite;
import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.Document;
import dev.atalaya.connectors.Document.Kind;
import dev.atalaya.connectors.DocumentSerializer;
import dev.atalaya.connectors.LineDecoder;
import dev.atalaya.connectors.Running;
import dev.atalaya.connectors.files.FileSourceSettings;
import dev.atalaya.connectors.files.FileSources;
import dev.atalaya.fixtures.StubSearchStore;
import dev.atalaya.fixtures.StubSearchStore.Bulk;
import dev.atalaya.fixtures.StubSearchStore.Operation;
import dev.atalaya.fixtures.StubSearchStore.Refusal;
import dev.atalaya.fixtures.StubSearchStore.Reply;
import dev.atalaya.fixtures.StubSearchStore.Stored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.FlinkRuntimeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A job and a store that does what a healthy one does not. */
@Timeout(120)
class SearchSinkTest {

  @RegisterExtension private static final MiniClusterExtension FLINK = Running.cluster();

  private static final Backoff QUICK = new Backoff(2, 50, 0);

  /** How long the store is away: several tries. */
  private static final long AWAY_MILLIS = 500;

  private static final Refusal OVERLOADED =
      new Refusal(429, "es_rejected_execution_exception", "queue is full");
  private static final Refusal STRICT =
      new Refusal(400, "strict_dynamic_mapping_exception", "[x] is not allowed");

  @TempDir Path folder;
  private StubSearchStore store;

  @BeforeEach
  void startStore() {
    store = StubSearchStore.plain();
    store.addTemplates("alerts", "reports", "letters");
  }

  @AfterEach
  void stopStore() {
    store.close();
  }

  @Test
  void writesEachKindToItsIndexAndTwiceChangesNothing() throws Exception {
    Document[] documents = {
      new Document(Kind.ALERT, "a", "k", 0, "{\"n\":1}"),
      new Document(Kind.REPORT, "b", "k", 0, "{\"n\":2}"),
      new Document(Kind.DEAD_LETTER, "c", "k", Document.UNDATED, "{\"n\":3}")
    };
    write(documents);
    assertThat(store.stored())
        .isEqualTo(
            Map.of(
                "alerts-1970.01/a", new Stored("{\"n\":1}", 1),
                "reports-1970.01/b", new Stored("{\"n\":2}", 1),
                "letters-undated/c", new Stored("{\"n\":3}", 1)));
    documents[1] = new Document(Kind.REPORT, "b", "k", 0, "{\"n\":4}");
    write(documents);
    assertThat(store.stored())
        .isEqualTo(
            Map.of(
                "alerts-1970.01/a", new Stored("{\"n\":1}", 1),
                "reports-1970.01/b", new Stored("{\"n\":4}", 2),
                "letters-undated/c", new Stored("{\"n\":3}", 1)));
  }

  /** What passes; whatever it is, every document is stored once in the end. */
  @SuppressWarnings("ImmutableEnumChecker")
  private enum Fault {
    HALF_REJECTED(
        bulk -> Reply.items(one -> bulk.number() < 8 && isOdd(bulk, one) ? OVERLOADED : null)),
    ALL_REJECTED(bulk -> bulk.number() < 5 ? Reply.items(one -> OVERLOADED) : Reply.good()),
    DISK_FULL(
        bulk ->
            bulk.number() < 5
                ? Reply.items(one -> new Refusal(403, "cluster_block_exception", "read-only"))
                : Reply.good()),
    READ_ONLY(
        bulk ->
            bulk.number() < 5
                ? Reply.status(
                    403, "{\"error\":{\"type\":\"cluster_block_exception\"},\"status\":403}")
                : Reply.good()),
    ALL_FAILED(
        bulk ->
            bulk.number() < 5
                ? Reply.items(one -> new Refusal(500, "io_exception", "no"))
                : Reply.good()),
    UNAVAILABLE(bulk -> bulk.number() < 5 ? Reply.status(503, "") : Reply.good()),
    TOO_MANY(bulk -> bulk.number() < 5 ? Reply.status(429, "{}") : Reply.good()),
    TOO_LATE(bulk -> bulk.number() < 2 ? Reply.good().after(5_000) : Reply.good()),
    NO_ANSWER(bulk -> bulk.number() < 5 ? Reply.hangUp() : Reply.good()),
    STORED_BUT_CUT(bulk -> bulk.number() < 5 ? Reply.good().cut() : Reply.good()),
    STORED_BUT_GARBAGE(bulk -> bulk.number() < 5 ? Reply.good().saying("<html>") : Reply.good()),
    STORED_BUT_OF_OTHERS(
        bulk ->
            bulk.number() < 5
                ? Reply.good().saying("{\"items\":[{\"create\":{\"status\":201}}]}")
                : Reply.good()),
    TOO_LARGE(bulk -> bulk.operations().size() > 60 ? Reply.status(413, "") : Reply.good()),
    CUT_WHEN_LARGE(bulk -> bulk.operations().size() > 60 ? Reply.hangUp() : Reply.good());

    final Function<Bulk, Reply> replies;

    Fault(Function<Bulk, Reply> replies) {
      this.replies = replies;
    }

    private static boolean isOdd(Bulk bulk, Operation one) {
      return bulk.operations().indexOf(one) % 2 == 1;
    }
  }

  @ParameterizedTest
  @EnumSource
  void losesAndDoublesNothing(Fault fault) throws Exception {
    store.onBulk(fault.replies);
    write(alerts(1_000));
    assertThat(store.stored()).isEqualTo(storedOnce(1_000));
    assertThat(store.bulks()).isGreaterThan(2);
  }

  @Test
  void onePoisonousDocumentIsAloneInTheDeadLetters() throws Exception {
    store.onBulk(bulk -> Reply.items(one -> one.id().equals("a123") ? STRICT : null));
    write(alerts(500));
    assertOneRefused(500, "strict_dynamic_mapping_exception: [x] is not allowed");
    assertThat(store.bulks()).isEqualTo(2);
  }

  @Test
  void theDocumentForWhichAWholeRequestIsRefusedIsFound() throws Exception {
    store.onBulk(
        bulk ->
            bulk.operations().stream().anyMatch(one -> one.id().equals("a123"))
                ? Reply.status(400, "{\"error\":{\"type\":\"t\",\"reason\":\"r\"},\"status\":400}")
                : Reply.good());
    write(alerts(500));
    assertOneRefused(500, "status 400: t: r");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 500})
  void theDocumentAtWhichTheStoreFailsForEverDoesNotCirculateForEver(int documents)
      throws Exception {
    String culprit = documents == 1 ? "a0" : "a123";
    store.onBulk(
        bulk ->
            Reply.items(one -> one.id().equals(culprit) ? new Refusal(500, "npe", "null") : null));
    write(alerts(documents));
    assertThat(store.bulks()).isEqualTo(SearchWriter.MAX_TRIES + 1);
    assertThat(store.stored()).hasSize(documents);
    assertThat(store.stored().keySet())
        .filteredOn(name -> !name.startsWith("alerts-"))
        .singleElement()
        .asString()
        .startsWith("letters-undated/");
  }

  @Test
  void stopsForGoodWhenEvenTheDeadLetterIsRefused() {
    store.onBulk(bulk -> Reply.items(one -> STRICT));
    assertStops(
        "refuses even a dead letter, so it is not the data but the set-up: letters-undated/");
  }

  @Test
  void waitsForAPipeline() throws Exception {
    Refusal missing =
        new Refusal(400, "illegal_argument_exception", "pipeline with id [atalaya] does not exist");
    store.onBulk(bulk -> Reply.items(one -> bulk.number() < 3 ? missing : null));
    write(alerts(10));
    assertThat(store.stored().keySet()).hasSize(10).allMatch(name -> name.startsWith("alerts-"));
  }

  @Test
  void waitsForRoomForAnotherIndex() throws Exception {
    Refusal full =
        new Refusal(
            400,
            "validation_exception",
            "Validation Failed: 1: this action would add [2] total shards, but this cluster"
                + " currently has [1000]/[1000] maximum shards open;");
    store.onBulk(bulk -> Reply.items(one -> bulk.number() < 3 ? full : null));
    write(alerts(10));
    assertThat(store.stored()).isEqualTo(storedOnce(10));
  }

  @Test
  void givesNoDocumentUpBeforeItsPatienceEnds() throws Exception {
    AtomicInteger failures = new AtomicInteger();
    store.onBulk(
        bulk ->
            Reply.items(
                one ->
                    one.id().equals("a1")
                            && failures.incrementAndGet() <= 2 * SearchWriter.MAX_TRIES
                        ? new Refusal(500, "npe", "null")
                        : null));
    write(new Backoff(1, 2, Long.MAX_VALUE), alerts(3));
    assertThat(store.stored()).isEqualTo(storedOnce(3));
  }

  @Test
  void waitsForAStoreThatFailsAtDeadLetters() throws Exception {
    AtomicInteger failures = new AtomicInteger();
    store.onBulk(
        bulk ->
            Reply.items(
                one -> {
                  if (!one.index().startsWith("letters-")) {
                    return STRICT;
                  }
                  boolean fails = failures.incrementAndGet() <= 2 * SearchWriter.MAX_TRIES;
                  return fails ? new Refusal(500, "npe", "null") : null;
                }));
    write(alerts(1));
    assertThat(store.stored().keySet()).singleElement().asString().startsWith("letters-undated/");
  }

  @Test
  void stopsForGoodWhenAnIndexCannotBeWritten() {
    store.onBulk(bulk -> Reply.items(one -> new Refusal(400, "index_closed_exception", "closed")));
    assertStops("has an index that cannot be written: index_closed_exception: closed; open it");
    assertThat(store.stored()).isEmpty();
  }

  @Test
  void stopsForGoodWhenItIsNotLetIn() {
    store.onBulk(bulk -> bulk.number() == 0 ? Reply.good() : Reply.status(401, ""));
    assertStops("does not know the user, or refuses the password (username, password, api-key)");
    store.onBulk(bulk -> Reply.status(403, ""));
    assertStops("does not permit POST /_bulk to this user (username, api-key)");
    store.onBulk(bulk -> Reply.items(one -> new Refusal(403, "security_exception", "no")));
    assertStops("does not permit writing to this user (username, api-key): security_exception: no");
  }

  @Test
  void stopsForGoodWhenItIsNoStore() {
    for (int status : new int[] {302, 404, 405}) {
      store.onBulk(bulk -> Reply.status(status, ""));
      assertStops(
          "is no Elasticsearch or OpenSearch: it answers POST /_bulk with status " + status);
    }
    store.onOther(request -> Reply.status(200, "<html>"));
    assertStops("is no Elasticsearch or OpenSearch: it answers GET / with status 200 (url)");
    assertThatThrownBy(() -> SearchSinks.check(settings()))
        .isInstanceOf(BrokerRefusedException.class)
        .hasMessageContaining("is no Elasticsearch or OpenSearch");
  }

  @Test
  void stopsForGoodWhenItIsNotSetUp() throws Exception {
    SearchSinks.check(settings());
    try (StubSearchStore bare = StubSearchStore.plain()) {
      bare.addTemplates("alerts", "letters");
      assertThatThrownBy(() -> SearchSinks.check(settings(bare.url())))
          .isInstanceOf(BrokerRefusedException.class)
          .hasMessage(
              "The store at "
                  + bare.url()
                  + " has no index template reports: run ./atalaya setup-search CONFIG");
      // Who may only write.
      bare.onOther(
          request ->
              request.path().startsWith("/_index_template/") ? Reply.status(403, "{}") : null);
      SearchSinks.check(settings(bare.url()));
      bare.stop();
      assertThatThrownBy(() -> SearchSinks.check(settings(bare.url())))
          .isExactlyInstanceOf(FlinkRuntimeException.class)
          .hasMessageContaining("Connection refused");
    }
  }

  @Test
  void waitsForAStoreThatIsAwayWithoutAFailureOfTheJob() throws Exception {
    store.stop();
    JobClient job = copying(null);
    feed("1", 0, 300);
    await().atMost(Duration.ofSeconds(60)).until(() -> isRunning(job));
    Thread.sleep(AWAY_MILLIS);
    store.start();
    awaitStored(300);
    store.stop();
    feed("2", 300, 600);
    Thread.sleep(AWAY_MILLIS);
    store.start();
    awaitStored(600);
    assertThat(job.getJobStatus().get()).isEqualTo(JobStatus.RUNNING);
    job.cancel().get();
    assertThat(store.stored()).isEqualTo(storedOnce(600));
  }

  @Test
  void aCheckpointDoesNotWaitForTheStoreAndHoldsWhatIsNotStored() throws Exception {
    JobClient job = copying(null);
    feed("1", 0, 300);
    awaitStored(300);
    // A request that is under way for longer than the savepoint may take.
    store.onBulk(bulk -> Reply.good().after(600_000));
    feed("2", 300, 600);
    await().atMost(Duration.ofSeconds(60)).until(() -> store.bulks() > 1);
    String savepoint = Running.stop(job, folder.resolve("savepoints"));
    Map<String, Stored> before = store.stored();
    store.stop();
    job = copying(savepoint);
    feed("3", 600, 700);
    savepoint = Running.stop(job, folder.resolve("savepoints"));
    store.onBulk(bulk -> Reply.good());
    store.start();
    job = copying(savepoint);
    awaitStored(700);
    job.cancel().get();
    assertThat(store.stored()).isEqualTo(storedOnce(700)).containsAllEntriesOf(before);
  }

  private static boolean isRunning(JobClient job) throws Exception {
    return job.getJobStatus().get() == JobStatus.RUNNING;
  }

  private void awaitStored(int documents) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(store.stored()).hasSize(documents));
  }

  private void assertOneRefused(int documents, String why) {
    Document refused = alerts(documents)[123];
    Document letter = RefusedDocument.letter(refused, Destination.of(refused, settings()), why);
    Map<String, Stored> expected = storedOnce(documents);
    expected.remove("alerts-1970.01/a123");
    expected.put("letters-undated/" + letter.id(), new Stored(letter.json(), 1));
    assertThat(store.stored()).isEqualTo(expected);
  }

  /** Ends at all because a refusal is not recovered from. */
  private void assertStops(String message) {
    Throwable failure = catchThrowable(() -> write(alerts(600)));
    assertThat(ExceptionUtils.findThrowable(failure, BrokerRefusedException.class))
        .get()
        .extracting(Throwable::getMessage)
        .asString()
        .contains("The store at " + store.url(), message);
  }

  private static Document[] alerts(int count) {
    return IntStream.range(0, count).mapToObj(SearchSinkTest::alert).toArray(Document[]::new);
  }

  private static Document alert(int n) {
    return alert("a" + n);
  }

  private static Document alert(String id) {
    return new Document(Kind.ALERT, id, "k", 0, "{\"event\":{\"id\":\"" + id + "\"}}");
  }

  private static Map<String, Stored> storedOnce(int count) {
    return IntStream.range(0, count)
        .mapToObj(SearchSinkTest::alert)
        .collect(
            Collectors.toMap(
                alert -> "alerts-1970.01/" + alert.id(),
                alert -> new Stored(alert.json(), 1),
                (one, other) -> one,
                TreeMap::new));
  }

  private void write(Document... documents) throws Exception {
    write(QUICK, documents);
  }

  private void write(Backoff backoff, Document... documents) throws Exception {
    BoundedWrite.to(new SearchSink(settings(), backoff), documents);
  }

  /** Lines of a folder as alerts; whatever fails ends the job, which is then not running. */
  private JobClient copying(String savepoint) throws Exception {
    Configuration configuration = new Configuration();
    configuration.setString("restart-strategy.type", "none");
    if (savepoint != null) {
      configuration.setString("execution.state-recovery.path", savepoint);
    }
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
        .map(line -> alert(line))
        .returns(DocumentSerializer.TYPE)
        .uid("map")
        .sinkTo(new SearchSink(settings(), QUICK))
        .uid("sink");
    return env.executeAsync();
  }

  private void feed(String name, int from, int to) throws IOException {
    Path hidden = Files.createDirectories(folder.resolve("new")).resolve(name);
    Files.write(hidden, IntStream.range(from, to).mapToObj(n -> "a" + n).toList());
    Files.move(hidden, folder.resolve("in").resolve(name));
  }

  private SearchSettings settings() {
    return settings(store.url());
  }

  private static SearchSettings settings(String url) {
    return StoreSettings.of(url, 50, 2_000);
  }
}
