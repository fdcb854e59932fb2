package dev.atalaya.job.cli;

import dev.atalaya.job.cli.FoundDocuments.Account;
import dev.atalaya.job.config.Printable;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Compares what was found with what was planted, and shows both in one table. */
final class DemoCheck {

  private static final String GREEN = "\u001b[32m";
  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";

  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final List<Planted> planted = SampleStream.planted();
  private final List<Planted> missed;
  private final List<Planted> unplanted;
  private final FoundDocuments found;
  private final long lines;

  /**
   * @param lines how many were written, broken ones too
   */
  DemoCheck(long lines, FoundDocuments found) {
    this.lines = lines;
    this.found = found;
    missed = without(planted, found.alerts());
    unplanted = without(found.alerts(), planted);
  }

  /** Whether everything was found, once, nothing else, and every line is accounted for. */
  boolean passed() {
    return missed.isEmpty() && unplanted.isEmpty() && accountsAreRight();
  }

  private boolean accountsAreRight() {
    return found.deadLetters() == SampleStream.BROKEN_LINES.size()
        && !found.accounts().isEmpty()
        && found.accounts().stream().allMatch(this::isRight);
  }

  private boolean isRight(Account account) {
    return account.balances()
        && account.received() == lines
        && account.rejected() == SampleStream.BROKEN_LINES.size()
        && account.skewed() == SampleStream.SKEWED_EVENTS;
  }

  String text(Messages messages, boolean color) {
    StringBuilder out = new StringBuilder();
    out.append(messages.text("demo.planted")).append("\n\n");
    List<String[]> rows = new ArrayList<>();
    rows.add(
        new String[] {
          messages.text("demo.column.window"),
          messages.text("demo.column.detector"),
          messages.text("demo.column.key"),
          messages.text("demo.column.finding"),
          messages.text("demo.column.result")
        });
    for (Planted each : planted) {
      rows.add(row(each, missed.contains(each) ? "demo.missed" : "demo.found", messages));
    }
    for (Planted each : unplanted) {
      rows.add(row(each, "demo.unplanted", messages));
    }
    appendTable(out, rows, color);
    out.append('\n').append(accountText(messages)).append('\n');
    out.append(color ? (passed() ? GREEN : RED) : "")
        .append(
            missed.isEmpty() && unplanted.isEmpty()
                ? messages.text("demo.ok", planted.size())
                : messages.text(
                    "demo.failed",
                    planted.size() - missed.size(),
                    planted.size(),
                    unplanted.size()))
        .append(color ? PLAIN : "")
        .append('\n');
    return out.toString();
  }

  /** The accounts of all detectors are the same, or they are wrong. */
  private String accountText(Messages messages) {
    if (!accountsAreRight()) {
      return messages.text("demo.ledger.wrong", lines, found.deadLetters(), found.accounts());
    }
    Account account = found.accounts().get(0);
    return messages.text(
        "demo.ledger",
        account.received(),
        account.counted(),
        account.late(),
        account.skewed(),
        account.rejected());
  }

  private static String[] row(Planted each, String result, Messages messages) {
    return new String[] {
      clock(each.windowStartMillis())
          + "–"
          + clock(each.windowStartMillis() + SampleStream.WINDOW_MILLIS),
      Printable.escape(each.detector()),
      Printable.escape(each.key()),
      messages.text("demo." + each.finding()),
      messages.text(result)
    };
  }

  private static String clock(long millis) {
    return CLOCK.format(Instant.ofEpochMilli(millis));
  }

  private void appendTable(StringBuilder out, List<String[]> rows, boolean color) {
    int columns = rows.get(0).length;
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    for (int r = 0; r < rows.size(); r++) {
      String[] row = rows.get(r);
      boolean header = r == 0;
      boolean good = r <= planted.size() && !header && !missed.contains(planted.get(r - 1));
      out.append("  ");
      for (int i = 0; i < columns - 1; i++) {
        out.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
      }
      String result = row[columns - 1];
      out.append(header || !color ? result : (good ? GREEN : RED) + result + PLAIN).append('\n');
    }
  }

  /** What of the first list is not in the second; one that is there once answers for one only. */
  private static List<Planted> without(List<Planted> first, List<Planted> second) {
    List<Planted> rest = new ArrayList<>(first);
    second.forEach(rest::remove);
    return rest;
  }
}
