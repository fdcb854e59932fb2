package dev.atalaya.bench.job;

import java.util.Arrays;
import java.util.stream.Collectors;

/** One detector, looking for hitters and changers, and for one kind of thing more, or for all. */
enum KindVariant {
  HITTERS_CHANGERS("hitters and changers", ""),
  SPREAD("+ spread: different sources", "and: [ { distinct: [src], count: 2 } ]"),
  SIGNALS(
      "+ signals",
      "signals: { total: medium, distinct-keys: medium, entropy: medium, silence: true }"),
  BASELINE("+ a learned baseline", "baseline: { kind: moving-average }"),
  FIRST_SEEN("+ first seen", "first-seen: { count: 1000 }"),
  ROLLUP("+ roll-up to three prefixes", "rollup: {}"),
  CONTRIBUTORS("+ contributors of two fields", "contributors: { fields: [src, dport] }"),
  EPISODES("+ episodes", "episodes: {}"),
  LISTS(
      "+ lists and overrides",
      "allow: { dport: [\"none-*\", 0], dst: 192.0.2.0/24 }\n"
          + "    overrides: [ { where: { dst: 198.51.100.0/24 }, hitters: { share: 1% } } ]"),
  ALL("all of these", "") {
    @Override
    String detector() {
      return HITTERS_CHANGERS.detector()
          + Arrays.stream(values())
              .filter(kind -> kind != this)
              .map(KindVariant::more)
              .collect(Collectors.joining());
    }
  },
  SPREADERS("superspreaders alone: different sources", "") {
    @Override
    String detector() {
      return HEAD + "    distinct: [src]\n    spreaders: { count: 1000 }\n";
    }
  };

  private static final String HEAD =
      """
      format: { json: { fields: { dst: { type: ip } } } }
      detectors:
        - name: destinations
          key: [dst]
      """;

  private static final String HITTERS_AND_CHANGERS =
      """
          weight: bytes
          hitters: { share: 0.1% }
          changers: { share: 0.1% }
      """;

  final String label;
  private final String lines;

  KindVariant(String label, String lines) {
    this.label = label;
    this.lines = lines;
  }

  /** Format and detector in YAML. */
  String detector() {
    return HEAD + HITTERS_AND_CHANGERS + more();
  }

  private String more() {
    return lines.isEmpty() ? "" : "    " + lines + "\n";
  }
}
