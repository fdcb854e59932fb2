package dev.atalaya.bench.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atalaya.connectors.Document;
import dev.atalaya.dashboard.history.History;
import dev.atalaya.dashboard.server.DashboardServer;
import dev.atalaya.dashboard.server.ServerSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Fills a history, serves it, and looks at it as a page does. */
final class DashboardRound {

  /** The newest windows have many alerts, the others some. */
  private static final int FULL_WINDOWS = 20;

  private static final int SOME_ALERTS = 20;
  private static final int VIEWS = 21;
  private static final long PACE_MILLIS = 50;
  private static final int PACED_WINDOWS = 100;

  private final AlertMaker maker =
      new AlertMaker(
          Questions.config(
              1,
              "1mb",
              """
              source: { kafka: { servers: "localhost:1", topics: [never-opened] } }
              sinks: [ { console: {} } ]
              """),
          0,
          1);
  private final History history;
  private int windows;

  private DashboardRound(int windows, int alerts) {
    history = new History(windows, History.DEFAULT_BYTES);
    for (int window = 0; window < windows; window++) {
      add(window < windows - FULL_WINDOWS ? SOME_ALERTS : alerts);
    }
  }

  /** Arguments: windows, alerts in a full one. */
  public static void main(String[] args) throws Exception {
    Fork.answer(run(Integer.parseInt(args[0]), Integer.parseInt(args[1])).line());
  }

  static DashboardCost run(int windows, int alerts) throws Exception {
    DashboardRound round = new DashboardRound(windows, alerts);
    try (DashboardServer server =
        DashboardServer.start(round.history, List.of(), ServerSettings.loopback(0))) {
      return round.measure(new DashboardClient(server.uri()));
    }
  }

  private DashboardCost measure(DashboardClient client) throws Exception {
    long heap = MemoryRound.heapAfterCollection();
    DashboardClient.Loaded first = client.firstView();
    long warmMicros = client.medianMicros(VIEWS, client::firstView);
    String path = "api/v1/windows/" + detector() + "/" + (windows - 1);
    DashboardClient.Loaded window = client.load(path);
    long windowMicros = client.medianMicros(VIEWS, () -> client.load(path));
    long pollMicros = client.medianMicros(VIEWS, () -> client.load("heavykeys?count=30"));
    List<Long> delays;
    double burst;
    try (DashboardClient.Events events = client.events()) {
      delays = paced(events, Math.min(PACED_WINDOWS, history.maxWindows()));
      burst = burst(events, history.maxWindows() / 5);
    }
    return new DashboardCost(
        heap,
        MemoryRound.peakResidentBytes(),
        first.requests(),
        first.bytes(),
        first.micros(),
        warmMicros,
        window.bytes(),
        windowMicros,
        pollMicros,
        delays.get(delays.size() / 2),
        delays.get(delays.size() - 1),
        Math.round(burst));
  }

  /** Windows at a fixed rate; microseconds until the client was told of each, ascending. */
  private List<Long> paced(DashboardClient.Events events, int count) throws InterruptedException {
    long start = System.nanoTime();
    long[] added = new long[count];
    for (int i = 0; i < count; i++) {
      long due = start + TimeUnit.MILLISECONDS.toNanos(i * PACE_MILLIS);
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      added[i] = System.nanoTime();
      add(SOME_ALERTS);
    }
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long told = events.await(windows - count + i);
      delays.add(TimeUnit.NANOSECONDS.toMicros(told - added[i]));
    }
    delays.sort(null);
    return delays;
  }

  /** Many windows as fast as they are taken; how many a second have reached the client. */
  private double burst(DashboardClient.Events events, int count) throws InterruptedException {
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      add(0);
    }
    for (int i = 0; i < count; i++) {
      events.await(windows - 1 - i);
    }
    return count * 1e9 / (System.nanoTime() - start);
  }

  private void add(int count) {
    List<JsonNode> documents = new ArrayList<>();
    for (Document document : maker.window(windows, 0, count)) {
      try {
        documents.add(Json.MAPPER.readTree(document.json()));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    history.add(documents);
    windows++;
  }

  private String detector() {
    return history.detectors().get(0).name();
  }
}
