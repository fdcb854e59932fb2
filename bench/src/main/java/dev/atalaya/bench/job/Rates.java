package dev.atalaya.bench.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How fast a decoder is, and how many times as fast as each of its peers.
 *
 * @param bytes of a record
 * @param perSecond records
 * @param ratios in the order of the peers
 */
record Rates(double bytes, double perSecond, List<Double> ratios) {

  static <W extends Enum<W>> Rates of(double bytes, Medians<W> medians, W own, List<W> peers) {
    List<Double> ratios = new ArrayList<>();
    for (W peer : peers) {
      ratios.add(medians.ratio(own, peer));
    }
    return new Rates(bytes, medians.eventsPerSecond(own), ratios);
  }

  String line() {
    StringBuilder line = new StringBuilder();
    line.append(String.format(Locale.ROOT, "%.1f %.0f", bytes, perSecond));
    ratios.forEach(ratio -> line.append(String.format(Locale.ROOT, " %.4f", ratio)));
    return line.toString();
  }

  static Rates of(String line) {
    List<Double> numbers = new ArrayList<>();
    for (String word : line.trim().split(" ")) {
      numbers.add(Double.parseDouble(word));
    }
    return new Rates(
        numbers.get(0), numbers.get(1), List.copyOf(numbers.subList(2, numbers.size())));
  }

  /** A row of a table with {@code columns} peers. */
  String row(String label, int columns) {
    StringBuilder row = new StringBuilder();
    row.append(
        String.format(
            Locale.ROOT,
            "| %s | %.0f | %.2f | %.0f |",
            label,
            bytes,
            perSecond / 1e6,
            perSecond * bytes / 1e6));
    for (int i = 0; i < columns; i++) {
      row.append(i < ratios.size() ? String.format(Locale.ROOT, " %.2f |", ratios.get(i)) : " |");
    }
    return row.append('\n').toString();
  }
}
