package dev.atalaya.job.fold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.config.DetectorConfig.Rollup;
import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.sketch.KeyHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrefixKeysTest {

  private static final KeyHash HASH = new KeyHash(1, 2);

  private final Rollup networks = new Rollup(List.of(8, 20, 24, 32), List.of(32, 48, 128), 0);
  private final Rollup paths = new Rollup(List.of(), List.of(), 3);

  @Test
  void anAddressLiesInTheNetworksAboveIt() {
    assertThat(prefixes(networks, "203.0.113.77"))
        .containsExactly("203.0.0.0/8", "203.0.112.0/20", "203.0.113.0/24");
    assertThat(prefixes(networks, "::ffff:203.0.113.77")).contains("203.0.113.0/24");
    assertThat(prefixes(networks, "2001:db8:1:2::3"))
        .containsExactly("2001:db8::/32", "2001:db8:1::/48");
  }

  @Test
  void whatIsNoAddressHasNoPrefixes() {
    assertThat(prefixes(networks, "")).isEmpty();
    assertThat(prefixes(networks, "localhost")).isEmpty();
    assertThat(prefixes(networks, "10.0.0.0/8")).isEmpty();
  }

  @Test
  void aPathLiesInItsSubTrees() {
    assertThat(prefixes(paths, "/a/bc/d.html")).containsExactly("/a/", "/a/bc/");
    assertThat(prefixes(paths, "/a/b/c/d/e")).containsExactly("/a/", "/a/b/", "/a/b/c/");
    assertThat(prefixes(paths, "/a/b/")).containsExactly("/a/", "/a/b/");
    assertThat(prefixes(paths, "/a/b?next=/c/d/")).containsExactly("/a/");
    assertThat(prefixes(paths, "/a")).isEmpty();
    assertThat(prefixes(paths, "/")).isEmpty();
    assertThat(prefixes(paths, "")).isEmpty();
    String step = "s".repeat(1_000) + "/";
    assertThat(prefixes(paths, "/" + step + step)).containsExactly("/" + step, "/" + step + step);
  }

  private static List<String> prefixes(Rollup rollup, String key) {
    PrefixKeys prefixes = new PrefixKeys(rollup, HASH);
    CompositeKey composed = new CompositeKey(new int[] {0});
    List<String> found = new ArrayList<>();
    // Behind the prefixes of another key, and asked twice.
    for (String text : List.of("192.0.2.1", key, key)) {
      DecodedRecord event = new DecodedRecord(1, 0);
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      event.text(0, bytes, 0, bytes.length);
      composed.compose(event);
      prefixes.clear();
      found.clear();
      prefixes.of(composed);
      for (int i = 0; i < prefixes.of(composed); i++) {
        int from = prefixes.offset(i);
        int to = from + prefixes.length(i);
        byte[] prefix = Arrays.copyOfRange(prefixes.bytes(), from, to);
        assertThat(prefix[0]).isEqualTo((byte) 0xff);
        assertThat(prefixes.hash(i)).isEqualTo(HASH.hash(prefix));
        found.add(new String(prefix, 1, prefix.length - 1, StandardCharsets.UTF_8));
      }
    }
    return found;
  }
}
