package dev.atalaya.bench.job;

import dev.atalaya.bench.job.Turns.Size;
import java.io.IOException;
import java.util.List;

/** What it costs to decode a record of each format, and a flow of each kind of export. */
final class FormatBench {

  private static final List<String> JVM = List.of("-Xms1g", "-Xmx1g");

  private FormatBench() {}

  static void quick() throws IOException {
    for (FormatVariant variant : FormatVariant.values()) {
      Progress.say("formats: %s", variant.label);
      FormatRound.run(variant, Size.QUICK);
    }
    for (ExportVariant variant : ExportVariant.values()) {
      Progress.say("formats: %s", variant.label);
      ExportRound.run(variant, Size.QUICK);
    }
  }

  static void full(BenchmarksDocument document) {
    StringBuilder tables = new StringBuilder();
    tables.append("| | bytes | million records/s | MB/s | × split | × Jackson, tokens");
    tables.append(" | × Jackson, tree |\n|---|---:|---:|---:|---:|---:|---:|\n");
    for (FormatVariant variant : FormatVariant.values()) {
      Rates rates = Rates.of(Fork.run(FormatRound.class, JVM, variant.name()));
      say(variant.label, rates);
      tables.append(rates.row(variant.label, FormatRound.PEERS.size()));
    }
    tables.append("\n| | bytes | million records/s | MB/s | × with its JSON |\n");
    tables.append("|---|---:|---:|---:|---:|\n");
    for (ExportVariant variant : ExportVariant.values()) {
      Rates rates = Rates.of(Fork.run(ExportRound.class, JVM, variant.name()));
      say(variant.label, rates);
      tables.append(rates.row(variant.label, 1));
    }
    document.replace("formats", tables.toString());
  }

  private static void say(String label, Rates rates) {
    Progress.say("formats: %s: %.2f million records/s", label, rates.perSecond() / 1e6);
  }
}
