package dev.atalaya.job.cli;

import java.text.MessageFormat;
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

  /** The text with its arguments; numbers look as the language writes them. */
  String text(String key, Object... arguments) {
    return new MessageFormat(bundle.getString(key), locale).format(arguments);
  }
}
