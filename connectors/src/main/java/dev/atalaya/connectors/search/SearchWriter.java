package dev.atalaya.connectors.search;

import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.Document;
import dev.atalaya.connectors.search.Bulk.Item;
import dev.atalaya.connectors.search.StoreClient.Answer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.FlinkRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes documents in batches, each again and again until the store has taken or refused it. A
 * store that is away is waited for; what it refuses for good becomes a dead letter.
 *
 * <p>Memory: documents that are not stored yet, up to {@link #MAX_BYTES} and one more, or two
 * batches where those are larger; then {@link #write} waits. Beside them the bodies of the requests
 * under way, each as large as a batch.
 *
 * <p>The task's thread does everything; answers and timers come to it as mails.
 */
final class SearchWriter implements StatefulSinkWriter<Document, Entry> {

  // Not the engine's AsyncSinkWriter: there whoever waits for a store that is away, a timer or a
  // checkpoint, holds the task's thread until it is back, and the buffer is bounded by number only.
  //
  // A document is in exactly one of three places: the buffer, a request, or parked. Checkpoints
  // take all three as they are and wait for nothing: what a request under way has stored by then is
  // sent again after a failure, to the same id. From the buffer a request goes out when enough is
  // due; what the store does not take comes back to the buffer, at once when the request as a whole
  // failed (then nothing goes out for a while), else parked for a while, so that others pass by.
  //
  // A store that fails at every document of a request may be ill, or meet one document that makes
  // it fail: batches are halved until one is alone, and only then, or beside documents that are
  // stored, a failure counts against the document. They become smaller too when requests come to
  // nothing again and again: what is between may cut what is long.

  private static final Logger LOG = LoggerFactory.getLogger(SearchWriter.class);

  private static final long TELL_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Two of the largest batches. However small documents are, each costs some hundred bytes. */
  static final int MAX_ENTRIES = 20_000;

  static final long MAX_BYTES = 16 << 20;

  /** After so many failures at one document alone, and some patience, it is the document. */
  static final int MAX_TRIES = 16;

  /** So many requests in a row come to nothing before the next ones are smaller. */
  static final int MAX_WHOLE_TRIES = 4;

  /** Characters of what the store says about one document. */
  private static final int MAX_REASON = 1_000;

  private final SearchSettings settings;
  private final SearchSettings.Batch batch;
  private final Backoff backoff;
  private final String path;
  private final StoreClient client;
  private final MailboxExecutor mailbox;
  private final ProcessingTimeService timers;
  private final Counter documentsSent;
  private final Counter bytesSent;
  private final Counter documentsRefused;
  private final Counter requestsRetried;
  private final BatchSize batchSize;
  private final Outage outage = new Outage();

  /** Of some documents, while others are stored. */
  private final Outage putOff = new Outage();

  /** What the last answer about it put off, wherever it is now. */
  private final Set<Entry> late = Collections.newSetFromMap(new IdentityHashMap<>());

  private final Deque<Entry> buffer = new ArrayDeque<>();
  private final List<Entry> parked = new ArrayList<>();
  private final Set<Request> requests = new LinkedHashSet<>();

  /** In all three places. */
  private int heldEntries;

  private long heldBytes;
  private long bufferBytes;

  /** How many at the head of the buffer wait for no more company. */
  private int due;

  /** 0 before the first time. */
  private long refusalToldNanos;

  private boolean isClosed;
  private boolean isChecked;
  private boolean isChecking;
  private boolean isPausing;
  private boolean isAging;

  /** Of the last request, as the engine's own metric has it. */
  private volatile long sendMillis;

  SearchWriter(
      SearchSettings settings,
      Backoff backoff,
      MailboxExecutor mailbox,
      ProcessingTimeService timers,
      SinkWriterMetricGroup metrics,
      Collection<Entry> restored) {
    this.settings = settings;
    this.batch = settings.batch();
    this.backoff = backoff;
    this.mailbox = mailbox;
    this.timers = timers;
    path = Bulk.path(settings);
    client = new StoreClient(settings);
    batchSize = new BatchSize(batch.documents(), System::nanoTime);
    documentsSent = metrics.getNumRecordsSendCounter();
    bytesSent = metrics.getNumBytesSendCounter();
    metrics.setCurrentSendTimeGauge(() -> sendMillis);
    documentsRefused = metrics.counter("documentsRefused");
    requestsRetried = metrics.counter("requestsRetried");
    metrics.gauge("storeAwayMillis", outage::millis);
    metrics.gauge("documentsPutOffMillis", putOff::millis);
    restored.forEach(this::hold);
    due = buffer.size();
    send();
  }

  @Override
  public void write(Document document, Context context) throws InterruptedException {
    while (isFull()) {
      mailbox.yield();
    }
    hold(Entry.of(document, 0));
    send();
  }

  private boolean isFull() {
    return heldEntries >= MAX_ENTRIES || heldBytes >= Math.max(MAX_BYTES, 2 * batch.bytes());
  }

  /** Waits at the end of the input only: a checkpoint takes along what is not stored yet. */
  @Override
  public void flush(boolean endOfInput) throws InterruptedException {
    while (endOfInput && heldEntries > 0) {
      due = buffer.size();
      send();
      mailbox.yield();
    }
  }

  @Override
  public List<Entry> snapshotState(long checkpointId) {
    List<Entry> all = new ArrayList<>(heldEntries);
    requests.forEach(request -> all.addAll(request.entries));
    all.addAll(parked);
    all.addAll(buffer);
    return all;
  }

  @Override
  public void close() {
    isClosed = true;
    requests.forEach(request -> request.answer.cancel(true));
  }

  private void hold(Entry entry) {
    heldEntries++;
    heldBytes += entry.bytes();
    putLast(entry);
  }

  private void letGo(Entry entry) {
    late.remove(entry);
    heldEntries--;
    heldBytes -= entry.bytes();
  }

  private void putLast(Entry entry) {
    buffer.addLast(entry);
    bufferBytes += entry.bytes();
  }

  private void putFirst(List<Entry> entries) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      buffer.addFirst(entries.get(i));
      bufferBytes += entries.get(i).bytes();
    }
    due += entries.size();
  }

  // What goes out

  private void send() {
    if (!isChecked) {
      check();
      return;
    }
    // One request is enough to find out whether the store is back.
    int maxRequests = outage.isOn() ? 1 : batch.requests();
    while (!isPausing && requests.size() < maxRequests && isDue()) {
      post(nextBatch());
    }
    if (!isAging && buffer.size() > due) {
      isAging = true;
      after(
          batch.ageMillis(),
          () -> {
            isAging = false;
            due = buffer.size();
          });
    }
  }

  private boolean isDue() {
    return due > 0 || buffer.size() >= batch.documents() || bufferBytes >= batch.bytes();
  }

  private List<Entry> nextBatch() {
    List<Entry> entries = new ArrayList<>();
    long bytes = 0;
    while (!buffer.isEmpty()
        && entries.size() < batchSize.get()
        && (entries.isEmpty() || bytes + buffer.getFirst().bytes() <= batch.bytes())) {
      Entry entry = buffer.removeFirst();
      bytes += entry.bytes();
      entries.add(entry);
    }
    bufferBytes -= bytes;
    due = Math.max(0, due - entries.size());
    return entries;
  }

  private void post(List<Entry> entries) {
    String url = client.url();
    long startMillis = System.currentTimeMillis();
    byte[] body = Bulk.body(entries, settings);
    Request request = new Request(entries, client.send("POST", path, Bulk.CONTENT_TYPE, body));
    requests.add(request);
    bytesSent.inc(body.length);
    var unused =
        request.answer.whenComplete(
            (answer, failure) ->
                mail(
                    () -> {
                      requests.remove(request);
                      sendMillis = System.currentTimeMillis() - startMillis;
                      if (failure == null) {
                        answered(entries, answer, url);
                      } else {
                        failed(entries, StoreFailures.explained(cause(failure), url));
                      }
                    }));
  }

  /** Not a record: every request is another one. */
  private static final class Request {
    final List<Entry> entries;
    final CompletableFuture<Answer> answer;

    Request(List<Entry> entries, CompletableFuture<Answer> answer) {
      this.entries = entries;
      this.answer = answer;
    }
  }

  private void check() {
    if (isChecking || isPausing) {
      return;
    }
    isChecking = true;
    String url = client.url();
    var unused =
        StoreCheck.ask(client, settings)
            .whenComplete(
                (answer, failure) ->
                    mail(
                        () -> {
                          isChecking = false;
                          if (failure == null) {
                            isChecked = true;
                            outage.over();
                          } else {
                            failed(List.of(), StoreFailures.explained(cause(failure), url));
                          }
                        }));
  }

  /** Does something in the task's thread, and then sends what is due. */
  private void mail(Runnable action) {
    mailbox.execute(() -> run(action), "answer of the store");
  }

  private void run(Runnable action) {
    if (!isClosed) {
      action.run();
      send();
    }
  }

  private static Throwable cause(Throwable failure) {
    return ExceptionUtils.stripCompletionException(failure);
  }

  private void after(long millis, Runnable action) {
    var unused =
        timers.registerTimer(timers.getCurrentProcessingTime() + millis, time -> run(action));
  }

  // What comes back

  /** A request that came to nothing, as far as is known: all of it is sent again, later. */
  private void failed(List<Entry> entries, FlinkRuntimeException why) {
    if (why instanceof BrokerRefusedException) {
      throw why;
    }
    requestsRetried.inc();
    entries.forEach(this::putLast);
    due = buffer.size();
    int failures = outage.failed(why.getMessage());
    if (entries.size() > 1
        && (failures > MAX_WHOLE_TRIES || batchSize.isDoubtful(entries.size()))) {
      batchSize.cut(entries.size());
    }
    // One timer, whatever was under way together: each would let another request out.
    if (!isPausing) {
      isPausing = true;
      after(backoff.delayMillis(failures), () -> isPausing = false);
    }
  }

  private void answered(List<Entry> entries, Answer answer, String url) {
    if (answer.isSuccess()) {
      try {
        carriedOut(entries, Bulk.items(answer.body(), entries.size()), url);
      } catch (IOException e) {
        failed(entries, StoreFailures.explained(e, url));
      }
    } else if (StoreFailures.isTransient(answer)) {
      failed(entries, away(url, "status " + answer.status() + ": " + StoreFailures.reason(answer)));
    } else if (answer.status() != 413 && answer.status() != 400) {
      throw StoreFailures.refused(answer, url, "POST /_bulk");
    } else if (entries.size() > 1) {
      requestsRetried.inc();
      batchSize.halve(entries.size());
      putFirst(entries);
    } else {
      outage.over();
      refuse(
          entries.get(0), "status " + answer.status() + ": " + StoreFailures.reason(answer), url);
    }
  }

  private static FlinkRuntimeException away(String url, String why) {
    return new FlinkRuntimeException(StoreFailures.at(url) + ": " + why);
  }

  private enum Outcome {
    STORED,
    /** The store has no time or no room for it now. */
    LATER,
    /** The store fails; it is not clear at what. */
    FAILED,
    REFUSED
  }

  private static Outcome outcome(Entry entry, Item item) {
    int status = item.status();
    boolean isThere = status == 409 && Bulk.isCreated(entry.document());
    if (status / 100 == 2 || isThere) {
      return Outcome.STORED;
    }
    if (status == 429 || status == 503 || StoreFailures.isOfStore(item)) {
      return Outcome.LATER;
    }
    return status / 100 == 4 ? Outcome.REFUSED : Outcome.FAILED;
  }

  private void carriedOut(List<Entry> entries, List<Item> items, String url) {
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      outcomes.add(outcome(entries.get(i), items.get(i)));
    }
    if (!outcomes.contains(Outcome.STORED) && !outcomes.contains(Outcome.REFUSED)) {
      nothingStored(entries, items.get(0), outcomes, url);
      return;
    }
    outage.over();
    batchSize.succeeded(entries.size());
    int putOffs = putOff(outcomes, items, url);
    for (int i = 0; i < items.size(); i++) {
      Entry entry = entries.get(i);
      switch (outcomes.get(i)) {
        case STORED -> {
          documentsSent.inc();
          letGo(entry);
        }
        case LATER -> park(entry, putOffs);
        case FAILED -> countFailure(entry, items.get(i), putOffs, url);
        case REFUSED -> refuse(entry, items.get(i), url);
      }
    }
    if (late.isEmpty()) {
      putOff.over();
    }
  }

  /** How many answers have put some documents off since none was, with this one. */
  private int putOff(List<Outcome> outcomes, List<Item> items, String url) {
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) == Outcome.LATER || outcomes.get(i) == Outcome.FAILED) {
        requestsRetried.inc();
        return putOff.failed(
            StoreFailures.at(url) + " puts documents off: " + status(items.get(i)));
      }
    }
    return 0;
  }

  private void nothingStored(List<Entry> entries, Item first, List<Outcome> outcomes, String url) {
    FlinkRuntimeException why = away(url, status(first));
    if (!outcomes.contains(Outcome.FAILED) && late.containsAll(entries)) {
      // It is about these, as others are stored: no reason to hold those up.
      int putOffs = putOff(outcomes, List.of(first), url);
      entries.forEach(entry -> park(entry, putOffs));
    } else if (!outcomes.contains(Outcome.FAILED)) {
      failed(entries, why);
    } else if (entries.size() > 1) {
      failed(entries, why);
      batchSize.halve(entries.size());
    } else if (mayTryAgain(entries.get(0))) {
      failed(List.of(triedAgain(entries.get(0))), why);
    } else {
      outage.over();
      refuse(entries.get(0), first, url);
    }
  }

  private void countFailure(Entry entry, Item item, int putOffs, String url) {
    if (mayTryAgain(entry)) {
      park(triedAgain(entry), putOffs);
    } else {
      refuse(entry, item, url);
    }
  }

  /** What a dead letter holds is plain: a store that fails at one is ill, and is waited for. */
  private boolean mayTryAgain(Entry entry) {
    return entry.tries() + 1 < MAX_TRIES
        || entry.failingSinceMillis() == 0
        || timers.getCurrentProcessingTime() - entry.failingSinceMillis() < backoff.patienceMillis()
        || entry.document().kind() == Document.Kind.DEAD_LETTER;
  }

  private Entry triedAgain(Entry entry) {
    late.remove(entry);
    return entry.triedAgain(timers.getCurrentProcessingTime());
  }

  private void park(Entry entry, int putOffs) {
    if (parked.isEmpty()) {
      after(
          backoff.delayMillis(Math.max(putOffs, 1 + entry.tries())),
          () -> {
            parked.forEach(this::putLast);
            parked.clear();
            due = buffer.size();
          });
    }
    parked.add(entry);
    late.add(entry);
  }

  private static String status(Item item) {
    return "status " + item.status() + ": " + described(item);
  }

  private static String described(Item item) {
    return StoreFailures.printable(item.type() + ": " + item.reason(), MAX_REASON);
  }

  private void refuse(Entry entry, Item item, String url) {
    if (item.status() == 401 || item.status() == 403) {
      throw new BrokerRefusedException(
          StoreFailures.at(url)
              + " does not permit writing to this user (username, api-key): "
              + described(item),
          null);
    }
    if (StoreFailures.ABOUT_INDEX.contains(item.type())) {
      throw new BrokerRefusedException(
          StoreFailures.at(url)
              + " has an index that cannot be written: "
              + described(item)
              + "; open it, or let documents create it (action.auto_create_index)",
          null);
    }
    refuse(entry, described(item), url);
  }

  private void refuse(Entry entry, String why, String url) {
    Document document = entry.document();
    Destination destination = Destination.of(document, settings);
    if (document.kind() == Document.Kind.DEAD_LETTER) {
      throw new BrokerRefusedException(
          StoreFailures.at(url)
              + " refuses even a dead letter, so it is not the data but the set-up: "
              + destination.index()
              + "/"
              + destination.id()
              + ": "
              + why
              + "; run ./atalaya setup-search CONFIG. The last checkpoint has what is not stored yet",
          null);
    }
    documentsRefused.inc();
    tellRefused(why, url);
    letGo(entry);
    hold(Entry.of(RefusedDocument.letter(document, destination, why), 0));
  }

  private void tellRefused(String why, String url) {
    long now = System.nanoTime();
    if (refusalToldNanos == 0 || now - refusalToldNanos > TELL_NANOS) {
      refusalToldNanos = now;
      LOG.warn(
          "{} has refused {} documents, which are dead letters there now; the last one: {}",
          StoreFailures.at(url),
          documentsRefused.getCount(),
          why);
    }
  }
}
