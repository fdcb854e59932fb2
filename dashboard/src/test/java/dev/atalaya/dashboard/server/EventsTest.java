package dev.atalaya.dashboard.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atalaya.dashboard.Documents;
import dev.atalaya.dashboard.history.History;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventsTest {

  private static final String GET_EVENTS = "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n";

  private final History history = Floods.history();

  @Test
  void beginsWithTheStatus() throws Exception {
    try (Served served = new Served(history);
        EventStream stream = new EventStream(served.server.uri())) {
      await().atMost(Served.SOON).until(() -> !stream.data("status").isEmpty());
      assertThat(stream.data("status").get(0).get("documents").asInt()).isEqualTo(13);
      assertThat(stream.data("window")).isEmpty();
    }
  }

  @Test
  void tellsOfAWindowThatIsNew() throws Exception {
    try (Served served = new Served(history);
        EventStream stream = new EventStream(served.server.uri())) {
      await().atMost(Served.SOON).until(() -> !stream.data("status").isEmpty());
      history.add(Documents.report(Floods.NAME, 4, 2, 1));
      await().atMost(Served.SOON).until(() -> !stream.data("window").isEmpty());
      JsonNode window = served.json("/api/v1/windows/floods/4").get("window");
      assertThat(stream.data("window").get(0).toString())
          .isEqualTo("{\"detector\":\"floods\"," + window.toString().substring(1));
      await().atMost(Served.SOON).until(() -> stream.data("status").size() == 2);
      assertThat(stream.data("status").get(1).get("documents").asInt()).isEqualTo(14);
    }
  }

  @Test
  void tellsWhenTheEpochsOfADetectorMeanOtherWindows() throws Exception {
    try (Served served = new Served(history);
        EventStream stream = new EventStream(served.server.uri())) {
      await().atMost(Served.SOON).until(() -> !stream.data("status").isEmpty());
      history.add(Documents.report("paths", 2, 0, 0));
      await().atMost(Served.SOON).until(() -> !stream.data("reset").isEmpty());
      assertThat(stream.data("reset")).hasToString("[{\"detector\":\"paths\"}]");
      assertThat(stream.data("window")).as("is loaded with all others").isEmpty();
      history.add(Documents.report("paths", 4, 1, 0));
      await().atMost(Served.SOON).until(() -> last(stream, 2) != null);
      assertThat(last(stream, 2).get("hitters").asInt()).isEqualTo(1);
    }
  }

  @Test
  void allClientsEndWithTheNumbersOfTheHistoryHoweverFastTheyChange() throws Exception {
    try (Served served = new Served(history);
        EventStream one = new EventStream(served.server.uri());
        EventStream other = new EventStream(served.server.uri())) {
      await()
          .atMost(Served.SOON)
          .until(() -> !one.data("status").isEmpty() && !other.data("status").isEmpty());
      for (int window = 4; window < 204; window++) {
        for (int rank = 1; rank <= 10; rank++) {
          history.add(Floods.alert(window, Documents.HITTER, "k" + rank, rank, 10));
        }
      }
      history.add(Documents.report(Floods.NAME, 204, 0, 0));
      for (EventStream stream : List.of(one, other)) {
        await().atMost(Served.SOON).until(() -> last(stream, 204) != null);
        for (int window = 4; window < 204; window++) {
          assertThat(last(stream, window).get("hitters").asInt()).isEqualTo(10);
        }
      }
    }
  }

  @Test
  void aClientThatDoesNotReadIsDroppedAndOthersAreNot() throws Exception {
    Limits limits = new Limits(30_000, 60_000, 1 << 20);
    try (Served served = new Served(history, List.of(), ServerSettings.loopback(0), limits);
        EventStream reader = new EventStream(served.server.uri());
        Socket sleeper = new Socket()) {
      sleeper.setReceiveBufferSize(2_048);
      sleeper.connect(served.address());
      sleeper.getOutputStream().write(GET_EVENTS.getBytes(StandardCharsets.US_ASCII));
      sleeper.getInputStream().read();
      await().atMost(Served.SOON).until(() -> served.server.eventClients() == 2);
      int window = 4;
      // The system's own buffers have to be filled first.
      while (served.server.eventClients() == 2) {
        List<JsonNode> reports = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
          reports.add(Documents.report(Floods.NAME, window++, 0, 0));
        }
        history.add(reports);
        int newest = window - 1;
        await().atMost(Served.SOON).until(() -> last(reader, newest) != null);
      }
      assertThat(reader.isOpen()).isTrue();
      assertThat(served.server.eventClients()).isEqualTo(1);
      await().atMost(Served.SOON).until(() -> ends(sleeper));
    }
  }

  @Test
  void aClientThatGoesIsForgotten() throws Exception {
    try (Served served = new Served(history)) {
      try (EventStream stream = new EventStream(served.server.uri())) {
        await().atMost(Served.SOON).until(() -> !stream.data("status").isEmpty());
        assertThat(served.server.eventClients()).isEqualTo(1);
      }
      // It is met when there is something to tell it.
      int[] window = {4};
      await()
          .atMost(Served.SOON)
          .until(
              () -> {
                history.add(Documents.report(Floods.NAME, window[0]++, 0, 0));
                return served.server.eventClients() == 0;
              });
    }
  }

  @Test
  void tooManyClientsAreRefusedAndTheFirstOnesStay() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try (Served served = new Served(history)) {
      for (int i = 0; i < Events.MAX_CLIENTS; i++) {
        Socket socket = served.connect();
        sockets.add(socket);
        socket.getOutputStream().write(GET_EVENTS.getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
            .isEqualTo("HTTP/1.1 200");
      }
      assertThat(served.get("/api/v1/events").statusCode()).isEqualTo(503);
      assertThat(served.get("/status").statusCode()).isEqualTo(200);
      assertThat(served.server.eventClients()).isEqualTo(Events.MAX_CLIENTS);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void theServerEndsTheStreamsWhenItIsClosed() throws Exception {
    try (Served served = new Served(history);
        EventStream stream = new EventStream(served.server.uri())) {
      await().atMost(Served.SOON).until(() -> !stream.data("status").isEmpty());
      served.server.close();
      await().atMost(Served.SOON).until(() -> !stream.isOpen());
    }
  }

  /** What was last told of a window; null if nothing. */
  private static JsonNode last(EventStream stream, int epoch) {
    JsonNode last = null;
    for (JsonNode window : stream.data("window")) {
      if (window.get("epoch").asInt() == epoch) {
        last = window;
      }
    }
    return last;
  }

  private static boolean ends(Socket socket) {
    try {
      InputStream in = socket.getInputStream();
      while (in.read(new byte[8_192]) >= 0) {
        // What was on its way.
      }
      return true;
    } catch (IOException e) {
      return true;
    }
  }
}
