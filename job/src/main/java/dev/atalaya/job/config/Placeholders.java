package dev.atalaya.job.config;

import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces <code>${NAME}</code> by the environment variable of that name, once: what it holds is
 * text, even if it looks like a placeholder itself. <code>$${</code> stands for <code>${</code>.
 */
final class Placeholders implements UnaryOperator<String> {

  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\$\\$\\{|\\$\\{([A-Za-z_][A-Za-z0-9_]*)\\}|\\$\\{");

  private final Map<String, String> env;

  Placeholders(Map<String, String> env) {
    this.env = env;
  }

  @Override
  public String apply(String text) {
    if (!text.contains("${")) {
      return text;
    }
    Matcher matcher = PLACEHOLDER.matcher(text);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      matcher.appendReplacement(out, Matcher.quoteReplacement(replacement(matcher)));
    }
    return matcher.appendTail(out).toString();
  }

  private String replacement(Matcher matcher) {
    if (matcher.group().equals("$${")) {
      return "${";
    }
    String name = matcher.group(1);
    if (name == null) {
      throw new IllegalArgumentException(
          "a placeholder is written ${NAME}; for the two characters themselves write $${");
    }
    String value = env.get(name);
    if (value == null) {
      throw new IllegalArgumentException("environment variable " + name + " is not set; set it");
    }
    return value;
  }
}
