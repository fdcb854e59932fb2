package dev.atalaya.job.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atalaya.connectors.Document;
import dev.atalaya.job.decode.VisibleText;
import java.text.MessageFormat;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;

/**
 * One line of text for each document, for a person: alerts stand out, windows pass by as a bar of
 * their total. Keys are hostile: whatever does not print is shown escaped. Not thread-safe.
 */
final class ConsoleRenderer {

  /** Of a key's value. */
  private static final double WORTH_A_WORD = 0.1;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String[] EIGHTHS = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  private static final int BAR_CELLS = 8;
  private static final int DETAIL_CHARS = 200;

  /** The measure of a detector that adds up no field. */
  private static final String EVENTS = "events";

  /** How the measure of one begins that counts the distinct values of fields. */
  private static final String DISTINCT = "distinct ";

  private final Locale locale;
  private final ResourceBundle words;
  private final boolean color;

  /** The largest window total seen, by detector: what a full bar means. */
  private final Map<String, Long> fullBar = new HashMap<>();

  ConsoleRenderer(String language, boolean color) {
    this.locale = Locale.forLanguageTag(language);
    this.words =
        ResourceBundle.getBundle(
            "dev.atalaya.job.publish.console",
            locale,
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    this.color = color;
  }

  /** What a line speaks of. */
  enum Kind {
    ALERT,
    WINDOW,
    ACCOUNT,
    DEAD_LETTER
  }

  /**
   * @param subject the detector, or the reason of a dead letter
   */
  record Line(Kind kind, String subject, String text) {}

  Line render(Document document) {
    JsonNode json;
    try {
      json = JSON.readTree(document.json());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a document: " + document.id(), e);
    }
    String detector = json.at("/rule/name").asText();
    return switch (json.at("/event/action").asText()) {
      case "window_report" -> new Line(Kind.WINDOW, detector, window(json));
      case "ledger" -> new Line(Kind.ACCOUNT, detector, ledger(json));
      case "dead_letter" ->
          new Line(Kind.DEAD_LETTER, json.at("/Atalaya/reason").asText(), deadLetter(json));
      default -> new Line(Kind.ALERT, detector, alert(json));
    };
  }

  /** Says that further dead letters of a reason are not printed. */
  String moreDeadLetters(String reason) {
    return paint("✗ " + words("more-dead-letters", VisibleText.of(reason)), "35");
  }

  /** How a kind of finding looks. */
  private record Look(String mark, String word, String ansi) {}

  private static Look look(String action, JsonNode own) {
    boolean up = own.path("direction").asText().equals("up");
    return switch (action) {
      case "heavy_hitter" -> new Look("■", "hitter", "33");
      case "heavy_changer" -> up ? new Look("▲", "up", "31;1") : new Look("▼", "down", "36;1");
      case "superspreader" -> new Look("✱", "spreader", "33;1");
      case "first_seen" -> new Look("✚", "first_seen", "35;1");
      case "silence" -> new Look("○", "silence", "31;1");
      case "recovered" -> new Look("✓", "recovered", "32");
      default -> new Look("◆", "unusual", "31;1");
    };
  }

  private String alert(JsonNode json) {
    JsonNode own = json.at("/Atalaya");
    String action = json.at("/event/action").asText();
    Look look = look(action, own);
    String sentence = sentenceKey(action, own);
    String counted = sentence.equals("vanished") ? "expected_upper" : "actual_upper";
    Object[] values = {
      own.has("key_fields")
          ? String.join(" ", JSON.convertValue(own.path("key_fields"), String[].class))
          : "",
      VisibleText.of(own.path("key").asText()),
      range(own, "actual"),
      range(own, "expected"),
      measure(own, own.path(counted).asLong()),
      own.path("share").asDouble(),
      own.path("ratio").asDouble(),
      own.path("episode_peak").asLong(),
      own.path("episode_windows").asLong()
    };
    // Of the end of an episode there is nothing to doubt.
    boolean isSure = !own.path("certainty").asText().equals("possible");
    String line =
        String.format(
            locale,
            "%s %s %s  %s  %s%s",
            time(json),
            look.mark(),
            padded(words.getString("kind." + look.word()), 8),
            padded(VisibleText.of(json.at("/rule/name").asText()), 14),
            words(sentence, values) + alsoReached(own) + madeOf(own),
            isSure ? "" : "  ?");
    return paint(line, look.ansi());
  }

  private String alsoReached(JsonNode own) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < own.path("also_measures").size(); i++) {
      long value = own.path("also_values").path(i).asLong();
      String measure = measure(own.path("also_measures").path(i).asText(), value);
      text.append(words("with", value, measure));
    }
    return text.toString();
  }

  /** The largest contributor of each field, if it is worth a word. */
  private String madeOf(JsonNode own) {
    StringBuilder text = new StringBuilder();
    String field = "";
    for (int i = 0; i < own.path("contributor_fields").size(); i++) {
      String next = own.path("contributor_fields").path(i).asText();
      double share = own.path("contributor_shares").path(i).asDouble();
      if (!next.equals(field) && share >= WORTH_A_WORD) {
        String value = VisibleText.of(own.path("contributor_values").path(i).asText());
        text.append(words("mostly", VisibleText.of(next), value, share));
      }
      field = next;
    }
    return text.toString();
  }

  private static String sentenceKey(String action, JsonNode own) {
    boolean up = own.path("direction").asText().equals("up");
    return switch (action) {
      case "heavy_hitter" -> "hitter";
      case "heavy_changer" -> {
        if (up) {
          yield own.path("expected_upper").asLong() == 0 ? "new" : "rose";
        }
        yield own.path("actual_upper").asLong() == 0 ? "vanished" : "fell";
      }
      case "superspreader", "first_seen", "silence" -> action;
      case "recovered" -> own.has("key") ? action : "recovered.window";
      default -> action + (up ? ".up" : ".down");
    };
  }

  private String range(JsonNode own, String value) {
    long lower = own.path(value + "_lower").asLong();
    long upper = own.path(value + "_upper").asLong();
    return lower == upper
        ? String.format(locale, "%,d", upper)
        : String.format(locale, "%,d–%,d", lower, upper);
  }

  private String window(JsonNode json) {
    JsonNode own = json.at("/Atalaya");
    String detector = json.at("/rule/name").asText();
    long total = own.path("window_total").asLong();
    long full = fullBar.merge(detector, total, Math::max);
    long events = own.path("events").asLong();
    boolean saidOnce = own.path("measure").asText().equals(EVENTS) && total == events;
    Object[] values = {
      events,
      total,
      measure(own, total),
      own.path("distinct_keys").asLong(),
      own.path("error_bound").asLong(),
      words("events", events)
    };
    String state = own.path("exact").asBoolean() ? "exact" : "bounded";
    if (own.path("asleep").asBoolean()) {
      state = "asleep";
    } else if (own.path("warmup").asBoolean()) {
      state = "warmup";
    }
    String line =
        String.format(
            locale,
            "%s   %s  %s  %s %s",
            time(json),
            padded(bar(total, full), BAR_CELLS),
            padded(VisibleText.of(detector), 14),
            words(saidOnce ? "window.events" : "window", values),
            words("state." + state, values));
    return paint(line, "2");
  }

  private String ledger(JsonNode json) {
    JsonNode own = json.at("/Atalaya");
    Object[] values = {
      VisibleText.of(json.at("/rule/name").asText()),
      own.path("received").asLong(),
      own.path("counted").asLong(),
      own.path("late").asLong(),
      own.path("skewed").asLong(),
      own.path("rejected").asLong(),
      own.path("duplicate").asLong()
    };
    return paint("Σ " + words("ledger", values), "32");
  }

  private String deadLetter(JsonNode json) {
    Object[] values = {
      VisibleText.of(json.at("/Atalaya/reason").asText()),
      VisibleText.of(json.at("/Atalaya/detail").asText(), DETAIL_CHARS),
      VisibleText.of(json.at("/Atalaya/origin").asText())
    };
    return paint("✗ " + words("dead-letter", values), "35");
  }

  /** What a value counts: a field's name as it is, events in the language. */
  private String measure(JsonNode own, long value) {
    return measure(own.path("measure").asText(), value);
  }

  private String measure(String measure, long value) {
    if (measure.startsWith(DISTINCT)) {
      return words("distinct", measure.substring(DISTINCT.length()));
    }
    return measure.equals(EVENTS) ? words("events", value) : measure;
  }

  private String words(String key, Object... values) {
    return new MessageFormat(words.getString(key), locale).format(values);
  }

  /** The end of the window, to the second. */
  private static String time(JsonNode json) {
    return json.at("/event/end").asText().substring(0, 19).replace('T', ' ');
  }

  private static String bar(long value, long full) {
    long eighths = full == 0 ? 0 : Math.round(BAR_CELLS * 8.0 * value / full);
    return "█".repeat((int) (eighths / 8)) + EIGHTHS[(int) (eighths % 8)];
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.codePointCount(0, text.length())));
  }

  private String paint(String line, String ansi) {
    return color ? "\u001b[" + ansi + "m" + line + "\u001b[0m" : line;
  }
}
