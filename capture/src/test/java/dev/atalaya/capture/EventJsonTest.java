package dev.atalaya.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EventJsonTest {

  private final EventJson json = new EventJson();
  private final FlowEvent event = new FlowEvent();

  @Test
  void leavesOutWhatIsAbsent() {
    event.set(FlowEvent.TS, 1_600_000_000_000L);
    event.set(FlowEvent.SPORT, 0);

    assertThat(json.write(event)).hasToString("{\"ts\":1600000000000,\"sport\":0}");
    assertThat(json.write(new FlowEvent())).hasToString("{}");
  }

  @Test
  void writesNumbersOfEveryLength() {
    for (long limit = 1; limit > 0 && limit < Long.MAX_VALUE / 10; limit *= 10) {
      for (long number : new long[] {limit - 1, limit, limit + 1, 5 * limit + 7}) {
        event.set(FlowEvent.TS, number);
        assertThat(json.write(event)).hasToString("{\"ts\":" + number + "}");
      }
    }
  }

  @Test
  void tellsSamplingWhenThereIsSome() {
    event.set(FlowEvent.SAMPLING, 1);
    assertThat(json.write(event)).hasToString("{}");

    event.set(FlowEvent.SAMPLING, 2);
    assertThat(json.write(event)).hasToString("{\"sampling\":2}");
  }

  @Test
  void hasRoomForTheLongestEvent() {
    byte[] longest = new byte[16];
    Arrays.fill(longest, (byte) 0xff);
    for (int number = 0; number < FlowEvent.NUMBER_NAMES.length; number++) {
      event.set(number, Long.MAX_VALUE);
    }
    event.src().set(longest, 0, 16);
    event.dst().set(longest, 0, 16);
    event.nextHop().set(longest, 0, 16);
    event.exporter().set(longest, 0, 16);

    String text = json.write(event).toString();
    assertThat(text)
        .startsWith("{\"ts\":9223372036854775807,\"src\":\"ffff:")
        .endsWith(":ffff\"}")
        .contains("\"domain\":9223372036854775807,");
    assertThat(json.toBytes()).hasSize(text.length());
  }
}
