package dev.atalaya.job.cli;

import java.math.BigDecimal;
import java.text.MessageFormat;
import java.text.NumberFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** Our texts in one language. */
final class Messages {

  private final Locale locale;
  private final ResourceBundle bundle;

  Messages(Language language) {
    locale = language.locale();
    // Without fallback: English on a Spanish machine is the base bundle, not the machine's.
    bundle =
        ResourceBundle.getBundle(
            "dev.atalaya.job.cli.messages",
            locale,
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
  }

  /** As the language writes it: {@code 0.5%}, {@code 0,5 %}. */
  String percent(BigDecimal fraction) {
    NumberFormat format = NumberFormat.getPercentInstance(locale);
    format.setMaximumFractionDigits(15);
    return format.format(fraction);
  }

  /** The text with its arguments; numbers look as the language writes them. */
  String text(String key, Object... arguments) {
    return new MessageFormat(bundle.getString(key), locale).format(arguments);
  }
}
