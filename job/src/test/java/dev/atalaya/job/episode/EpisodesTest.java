package dev.atalaya.job.episode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.Detectors;
import dev.atalaya.job.config.DetectorConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** Windows of 10 ms; {@code a 5} is key a with the value 5. */
class EpisodesTest {

  private final EpisodesSerializer serializer = new EpisodesSerializer();
  private Episodes episodes = new Episodes();
  private DetectorConfig detector;

  @Test
  void oneAlertOpensAndOneCloses() throws IOException {
    rule(1, 1, 2, 0, 0, false);
    assertThat(window(0, "a 5")).containsExactly("a opened 0+1 peak 5@0");
    assertThat(window(10, "a 7")).containsExactly("1 suppressed");
    assertThat(window(20)).isEmpty();
    assertThat(window(30, "a 6")).containsExactly("1 suppressed");
    assertThat(window(40)).isEmpty();
    assertThat(window(50)).containsExactly("a closed 0+4 peak 7@10");
    assertThat(window(60)).isEmpty();
    assertThat(window(70, "a 1")).containsExactly("a opened 70+1 peak 1@70");
  }

  @Test
  void someWindowsAmongTheLastOpenAndUntilThenNothingIsTold() throws IOException {
    rule(3, 5, 1, 0, 0, false);
    assertThat(window(0, "a 9")).containsExactly("1 suppressed");
    assertThat(window(30, "a 2")).containsExactly("1 suppressed");
    // The first is no longer among the last five.
    assertThat(window(50, "a 3")).containsExactly("1 suppressed");
    assertThat(window(70, "a 1")).containsExactly("a opened 30+5 peak 3@50");
  }

  @Test
  void whatWasNotToldIsForgotten() throws IOException {
    rule(2, 3, 1, 0, 0, false);
    window(0, "a 9");
    window(10);
    window(20);
    window(30);
    DataOutputSerializer bytes = new DataOutputSerializer(100);
    serializer.serialize(episodes, bytes);
    assertThat(bytes.length()).isEqualTo(1 + 4);
  }

  @Test
  void growthIsToldByWhatWasToldLast() throws IOException {
    rule(1, 1, 1, 0, 2, false);
    window(0, "a 5");
    assertThat(window(10, "a 9")).containsExactly("1 suppressed");
    assertThat(window(20, "a 10")).containsExactly("a grew 0+3 peak 10@20");
    assertThat(window(30, "a 19")).containsExactly("1 suppressed");
    assertThat(window(40, "a 20", "a/changer 20"))
        .containsExactly("a grew 0+5 peak 20@40", "a/changer grew 0+5 peak 20@40");
  }

  @Test
  void aNewKindIsToldOnceInTheSameEpisode() throws IOException {
    rule(1, 1, 3, 0, 0, false);
    assertThat(window(0, "a 5", "a/changer 5"))
        .containsExactly("a opened 0+1 peak 5@0", "a/changer opened 0+1 peak 5@0");
    assertThat(window(10, "a 5", "a/spreader 5"))
        .containsExactly("a/spreader ongoing 0+2 peak 5@0", "1 suppressed");
    assertThat(window(20, "a/spreader 4")).containsExactly("1 suppressed");
  }

  @Test
  void valuesOfAnotherMeasureDoNotMakeItGrow() throws IOException {
    rule(1, 1, 3, 0, 2, false);
    window(0, "a 5");
    assertThat(window(10, "a/entropy 5000")).containsExactly("a/entropy ongoing 0+2 peak 5@0");
    assertThat(window(20, "a/entropy 90000")).containsExactly("1 suppressed");
  }

  @Test
  void everyWindowIsToldWhenAskedFor() throws IOException {
    rule(1, 1, 1, 0, 3, true);
    window(0, "a 5");
    assertThat(window(10, "a 4")).containsExactly("a ongoing 0+2 peak 5@0");
    assertThat(window(20, "a 15")).containsExactly("a grew 0+3 peak 15@20");
  }

  @Test
  void afterTheCloseItCoolsDown() throws IOException {
    rule(1, 1, 1, 25, 0, false);
    window(0, "a 5");
    assertThat(window(10)).containsExactly("a closed 0+1 peak 5@0");
    assertThat(window(20, "a 5")).containsExactly("1 suppressed");
    assertThat(window(40, "a 5")).containsExactly("1 suppressed");
    assertThat(window(50, "a 5")).containsExactly("a opened 50+1 peak 5@50");
  }

  @Test
  void windowsThatNeverCameWereQuiet() throws IOException {
    rule(1, 1, 3, 0, 0, false);
    window(0, "a 5", "b 5");
    assertThat(window(30, "a 5")).containsExactly("1 suppressed", "b closed 0+1 peak 5@0");
    assertThat(window(1_000, "a 6"))
        .containsExactly("a opened 1000+1 peak 6@1000", "a closed 0+4 peak 5@0");
  }

  @Test
  void whatHasToMakeRoomIsClosed() throws IOException {
    rule(1, 1, 3, 0, 0, false, 2);
    window(0, "a 5", "b 7");
    assertThat(window(10, "c 6"))
        .containsExactly("c opened 10+1 peak 6@10", "a closed 0+1 peak 5@0");
  }

  /** Against a model that keeps all windows and decides anew in each. */
  @Test
  void manyWindowsAsWindowByWindowFromTheStart() throws IOException {
    for (int round = 0; round < 300; round++) {
      Random random = new Random(round);
      int of = 1 + random.nextInt(4);
      int close = 1 + random.nextInt(3);
      int cooldown = random.nextInt(3) * 10;
      episodes = new Episodes();
      int open = 1 + random.nextInt(of);
      rule(open, of, close, cooldown, 0, false);
      Map<String, Boolean> isOpen = new TreeMap<>();
      Map<String, List<Long>> found = new TreeMap<>();
      Map<String, Long> last = new TreeMap<>();
      Map<String, Long> cool = new TreeMap<>();
      for (long start = 0; start < 600; start += 10) {
        List<String> now = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        List<String> over = new ArrayList<>();
        int suppressed = 0;
        for (String key : List.of("a", "b", "c")) {
          if (random.nextInt(5) < 2) {
            now.add(key + " 1");
            if (isOpen.getOrDefault(key, false)) {
              suppressed++;
            } else if (start < cool.getOrDefault(key, 0L)) {
              suppressed++;
            } else {
              long oldest = start - 10L * (of - 1);
              List<Long> lately = found.computeIfAbsent(key, k -> new ArrayList<>());
              lately.add(start);
              lately.removeIf(millis -> millis < oldest);
              if (lately.size() >= open) {
                isOpen.put(key, true);
                long windows = (start - lately.get(0)) / 10 + 1;
                expected.add(
                    key + " opened " + lately.get(0) + "+" + windows + " peak 1@" + lately.get(0));
              } else {
                suppressed++;
              }
            }
            last.put(key, start);
          } else if (isOpen.getOrDefault(key, false) && start - last.get(key) == 10L * close) {
            isOpen.put(key, false);
            long first = found.remove(key).get(0);
            long windows = (last.get(key) - first) / 10 + 1;
            over.add(key + " closed " + first + "+" + windows + " peak 1@" + first);
            cool.put(key, start + 10 + cooldown);
          }
        }
        if (suppressed > 0) {
          expected.add(suppressed + " suppressed");
        }
        expected.addAll(over);
        assertThat(window(start, now.toArray(String[]::new))).isEqualTo(expected);
      }
    }
  }

  private void rule(int open, int of, int close, long cooldown, double growth, boolean every) {
    rule(open, of, close, cooldown, growth, every, 100);
  }

  private void rule(
      int open, int of, int close, long cooldown, double growth, boolean every, int keys) {
    detector =
        Detectors.named("d")
            .window(10)
            .episodes(new DetectorConfig.Episodes(open, of, close, cooldown, growth, every, keys))
            .build();
  }

  /** What is told, what is not, and what is over; state goes through its bytes each time. */
  private List<String> window(long start, String... found) throws IOException {
    List<Sighting> sightings = new ArrayList<>();
    for (String one : found) {
      String[] parts = one.split("[/ ]");
      String kind = parts.length == 3 ? parts[1] : "hitter";
      String measure = kind.equals("entropy") ? "millibits" : "events";
      byte[] key = parts[0].getBytes(StandardCharsets.UTF_8);
      long value = Long.parseLong(parts[parts.length - 1]);
      sightings.add(new Sighting(key, kind, measure, value, false));
    }
    Episodes.Outcome outcome = serializer.copy(episodes).window(detector, start, sightings);
    List<String> told = describe(outcome, sightings);

    DataOutputSerializer bytes = new DataOutputSerializer(100);
    serializer.serialize(episodes, bytes);
    episodes = serializer.deserialize(new DataInputDeserializer(bytes.getCopyOfBuffer()));
    sightings.replaceAll(one -> new Sighting(one.key, one.kind, one.measure, one.value, one.once));
    assertThat(describe(episodes.window(detector, start, sightings), sightings)).isEqualTo(told);
    return told;
  }

  private static List<String> describe(Episodes.Outcome outcome, List<Sighting> sightings) {
    List<String> told = new ArrayList<>();
    sightings.stream()
        .filter(sighting -> sighting.episode() != null)
        .forEach(sighting -> told.add(describe(sighting)));
    assertThat(sightings.size() - told.size()).isEqualTo((int) outcome.counts().suppressed);
    if (outcome.counts().suppressed > 0) {
      told.add(outcome.counts().suppressed + " suppressed");
    }
    outcome.closed().forEach(sighting -> told.add(describe(sighting)));
    assertThat(outcome.counts().closed).isEqualTo(outcome.closed().size());
    return told;
  }

  private static String describe(Sighting sighting) {
    Episode episode = sighting.episode();
    String key = new String(sighting.key(), StandardCharsets.UTF_8);
    String kind = sighting.kind().equals("hitter") ? "" : "/" + sighting.kind();
    String state = episode.state.name().toLowerCase(Locale.ROOT);
    assertThat(episode.id).startsWith(episode.startMillis + "-d-");
    return String.format(
        Locale.ROOT,
        "%s%s %s %d+%d peak %d@%d",
        key,
        kind,
        state,
        episode.startMillis,
        episode.windows,
        episode.peak,
        episode.peakMillis);
  }
}
