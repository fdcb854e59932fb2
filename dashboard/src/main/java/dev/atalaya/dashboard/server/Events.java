package dev.atalaya.dashboard.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.dashboard.history.History;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of windows that changed and of the state, as server-sent events. One thread looks ten times
 * a second what has changed since, however often it did, and hands the same bytes to all clients;
 * it never waits for one.
 */
final class Events implements Request.Handler, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Events.class);

  static final int MAX_CLIENTS = 64;
  private static final int MAX_CHANGED = 20_000;
  private static final long TICK_MILLIS = 100;
  private static final int TICKS_PER_STATUS = 5;
  private static final int TICKS_PER_COMMENT = 150;

  private static final byte[] COMMENT = bytes(": still here\n\n");
  private static final byte[] RETRY = bytes("retry: 1000\n\n");

  private final History history;
  private final StatusDocument status;
  private final Deadlines deadlines;
  private final int maxQueuedBytes;
  private final List<EventClient> clients = new CopyOnWriteArrayList<>();
  private final Set<Place> changed = new LinkedHashSet<>();

  /** Detectors of which all has to be loaded anew; guarded as what has changed. */
  private final Set<String> resets = new LinkedHashSet<>();

  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "dashboard-events");
            thread.setDaemon(true);
            return thread;
          });
  private final AutoCloseable listening;
  private volatile boolean isStatusWanted;
  private JsonNode toldStatus;
  private long ticks;

  Events(History history, StatusDocument status, Deadlines deadlines, int maxQueuedBytes) {
    this.history = history;
    this.status = status;
    this.deadlines = deadlines;
    this.maxQueuedBytes = maxQueuedBytes;
    listening = history.listen(this::changed);
    var unused =
        ticker.scheduleWithFixedDelay(
            this::safeTick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    HttpFields.Mutable headers = response.getHeaders();
    Answer.secure(headers);
    headers.put(HttpHeader.CONTENT_TYPE, "text/event-stream");
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    response.setStatus(200);
    if (HttpMethod.HEAD.is(request.getMethod())) {
      callback.succeeded();
      return true;
    }
    EventClient client =
        new EventClient(
            response, callback, Deadlines.endPoint(request), maxQueuedBytes, clients::remove);
    synchronized (clients) {
      if (clients.size() >= MAX_CLIENTS) {
        throw new RefusedException(503);
      }
      clients.add(client);
    }
    deadlines.lift(request);
    client.send(RETRY);
    // All are told again, by the one thread that tells, so that none has an older one last.
    isStatusWanted = true;
    return true;
  }

  int clients() {
    return clients.size();
  }

  private void changed(History.Change change) {
    if (clients.isEmpty()) {
      return;
    }
    synchronized (changed) {
      if (change.window() == null) {
        resets.add(change.detector());
        changed.removeIf(place -> place.detector().equals(change.detector()));
      } else if (!resets.contains(change.detector())) {
        changed.add(new Place(change.detector(), change.window().epoch()));
      }
    }
  }

  private void safeTick() {
    try {
      tick();
    } catch (Throwable e) {
      // It would not be called again. What could not be told, clients load when they come back.
      LOG.error("Changes could not be told to the pages that are open.", e);
      clients.forEach(EventClient::drop);
    }
  }

  private void tick() {
    ticks++;
    boolean isStatusDue = ticks % TICKS_PER_STATUS == 0;
    List<Place> places;
    List<String> anew = List.of();
    synchronized (changed) {
      places = List.copyOf(changed);
      changed.clear();
      // Not more often: loading anew is much work. Until then nothing is told of their windows.
      if (isStatusDue) {
        anew = List.copyOf(resets);
        resets.clear();
      }
    }
    if (clients.isEmpty()) {
      return;
    }
    if (places.size() > MAX_CHANGED) {
      // Loading anew is cheaper.
      clients.forEach(EventClient::drop);
      return;
    }
    ByteArrayOutputStream news = new ByteArrayOutputStream();
    for (String detector : anew) {
      news.writeBytes(event("reset", Json.object().put("detector", detector)));
    }
    for (Place place : places) {
      history
          .windows(place.detector(), place.epoch(), place.epoch())
          .forEach(
              window -> {
                ObjectNode data = Json.object().put("detector", place.detector());
                news.writeBytes(event("window", WindowDocument.putInto(data, window)));
              });
    }
    if (isStatusDue) {
      addStatus(news);
    }
    if (ticks % TICKS_PER_COMMENT == 0) {
      news.writeBytes(COMMENT);
    }
    if (news.size() > 0) {
      byte[] frame = news.toByteArray();
      clients.forEach(client -> client.send(frame));
    }
  }

  private void addStatus(ByteArrayOutputStream news) {
    if (isStatusWanted) {
      isStatusWanted = false;
      toldStatus = null;
    }
    ObjectNode now = status.make();
    ObjectNode compared = now.deepCopy();
    // It grows by itself.
    compared.remove("lagMillis");
    if (!compared.equals(toldStatus)) {
      toldStatus = compared;
      news.writeBytes(event("status", now));
    }
  }

  private static byte[] event(String name, JsonNode data) {
    // JSON has its line ends escaped, so data is one line.
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    event.writeBytes(bytes("event: " + name + "\ndata: "));
    event.writeBytes(Json.bytes(data));
    event.writeBytes(bytes("\n\n"));
    return event.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    ticker.shutdownNow();
    clients.forEach(EventClient::drop);
  }

  private record Place(String detector, long epoch) {}
}
