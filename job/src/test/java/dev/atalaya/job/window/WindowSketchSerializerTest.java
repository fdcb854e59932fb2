package dev.atalaya.job.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atalaya.job.Detectors;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.Also;
import dev.atalaya.job.detect.SummaryPlan;
import dev.atalaya.sketch.HeavyKeySketch;
import dev.atalaya.sketch.KeyHash;
import dev.atalaya.sketch.KeySummaries;
import dev.atalaya.sketch.KeySummary;
import dev.atalaya.sketch.WeightSummary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class WindowSketchSerializerTest {

  private static final KeyHash HASH = new KeyHash(1, 2);
  private static final byte[] KEY = "a".getBytes(StandardCharsets.UTF_8);

  private final WindowSketchSerializer serializer = new WindowSketchSerializer();

  /** Written field by field, as the first release did. */
  private static byte[] firstVersion() throws IOException {
    DataOutputSerializer target = new DataOutputSerializer(64);
    target.writeByte(1);
    target.writeLong(10);
    target.writeLong(7);
    target.writeLong(2);
    target.writeLong(9);
    byte[] summary = KeySummaries.toBytes(keys(9));
    target.writeInt(summary.length);
    target.write(summary);
    return target.getCopyOfBuffer();
  }

  private static HeavyKeySketch keys(long weight) {
    HeavyKeySketch keys = HeavyKeySketch.create(1 << 16, HASH);
    keys.update(HASH, KEY, weight);
    return keys;
  }

  private static WindowSketch window(KeySummary... more) {
    WindowSketch window = new WindowSketch(10, keys(9), List.of(more));
    window.events = 7;
    window.filtered = 2;
    window.total = 9;
    return window;
  }

  @Test
  void windowsOfTheFirstVersionAreRead() throws Exception {
    WindowSketch window = serializer.deserialize(new DataInputDeserializer(firstVersion()));
    assertThat(window.startMillis).isEqualTo(10);
    assertThat(window.events).isEqualTo(7);
    assertThat(window.filtered).isEqualTo(2);
    assertThat(window.total).isEqualTo(9);
    assertThat(window.keys.lower(HASH, KEY)).isEqualTo(9);
    assertThat(window.more).isEmpty();
    window.merge(window());
    assertThat(window.keys.upper(HASH, KEY)).isEqualTo(18);
  }

  @Test
  void aWindowOfKeysAloneIsWrittenAsEver() throws Exception {
    assertThat(write(window())).isEqualTo(firstVersion());
  }

  @Test
  void furtherSummariesComeBackInTheirOrder() throws Exception {
    DetectorConfig detector =
        Detectors.named("d")
            .also(new Also(null, List.of(), 1), new Also(null, List.of("peer"), 1))
            .build();
    SummaryPlan plan = SummaryPlan.of(detector);
    WindowSketch window = window(plan.newMore(HASH.fingerprint()).toArray(KeySummary[]::new));
    ((WeightSummary) plan.also(window.more, 0)).update(HASH, KEY, 5);

    byte[] written = write(window);
    assertThat(written[0]).isEqualTo((byte) 2);
    WindowSketch read = serializer.deserialize(new DataInputDeserializer(written));
    assertThat(read.more).hasSize(2);
    assertThat(plan.also(read.more, 0).lower(HASH, KEY)).isEqualTo(5);
    assertThat(plan.also(read.more, 1).total()).isZero();
    assertThat(write(read)).isEqualTo(written);
    assertThat(write(serializer.copy(read))).isEqualTo(written);
  }

  @Test
  void aVersionThatIsNotKnownIsRefused() throws Exception {
    byte[] bytes = firstVersion();
    bytes[0] = 3;
    assertThatThrownBy(() -> serializer.deserialize(new DataInputDeserializer(bytes)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("version 3");
  }

  @Test
  void windowsOfDifferentSummariesAreNotMerged() {
    assertThatThrownBy(() -> window().merge(window(keys(1))))
        .hasMessage("cannot merge: 0 further summaries != 1");
  }

  private byte[] write(WindowSketch window) throws IOException {
    DataOutputSerializer target = new DataOutputSerializer(64);
    serializer.serialize(window, target);
    return target.getCopyOfBuffer();
  }
}
