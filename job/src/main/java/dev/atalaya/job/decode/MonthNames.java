package dev.atalaya.job.decode;

import java.time.Month;
import java.time.format.TextStyle;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Month names as access logs have them: English, which servers write whatever their locale, and
 * those of one more language, short or long, with or without a full stop, in any case. Of a name
 * its first three letters are enough, where no two months share them.
 */
final class MonthNames {

  private static final int AMBIGUOUS = -1;
  private static final int SHORT_LENGTH = 3;

  private final Map<String, Integer> months = new HashMap<>();
  private final Locale locale;

  MonthNames(Locale locale) {
    this.locale = locale;
    add(locale);
    if (!locale.getLanguage().equals(Locale.ENGLISH.getLanguage())) {
      add(Locale.ENGLISH);
    }
  }

  /** 1 to 12, or -1 when the name is none. */
  int of(String name) {
    return months.getOrDefault(plain(name, locale), AMBIGUOUS);
  }

  /** Names of an earlier language win over those of a later one. */
  private void add(Locale language) {
    Map<String, Integer> names = new HashMap<>();
    for (Month month : Month.values()) {
      for (TextStyle style : new TextStyle[] {TextStyle.SHORT, TextStyle.FULL}) {
        String name = plain(month.getDisplayName(style, language), language);
        names.put(name, month.getValue());
        if (name.length() > SHORT_LENGTH) {
          names.merge(
              name.substring(0, SHORT_LENGTH),
              month.getValue(),
              (one, other) -> one.equals(other) ? one : AMBIGUOUS);
        }
      }
    }
    names.forEach(months::putIfAbsent);
  }

  private static String plain(String name, Locale language) {
    String lower = name.toLowerCase(language);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
