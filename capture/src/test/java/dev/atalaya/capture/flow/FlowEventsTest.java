package dev.atalaya.capture.flow;

import static dev.atalaya.capture.flow.Datagram.v5;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlowEventsTest {

  private final FlowEvents flows = new FlowEvents();
  private final List<byte[]> taken = new ArrayList<>();

  @Test
  void eachIsHandedOnBeforeTheNextIsMade() throws InterruptedException {
    assertThatThrownBy(
            () ->
                decode(
                    event -> {
                      taken.add(event);
                      throw new InterruptedException("no more");
                    }))
        .isInstanceOf(InterruptedException.class)
        .hasMessage("no more");
    assertThat(taken).hasSize(1);
    decode(taken::add);
    assertThat(taken).hasSize(1 + 3);
  }

  private void decode(FlowEvents.Sink sink) throws InterruptedException {
    byte[] datagram = v5(3, 3).toBytes();
    flows.decode(InetAddress.getLoopbackAddress(), datagram, 0, datagram.length, 0, sink);
  }
}
