package dev.atalaya.job.cli;

import java.util.Locale;
import picocli.CommandLine.TypeConversionException;

/** A language that we speak. */
enum Language {
  EN(Locale.ENGLISH),
  ES(Locale.forLanguageTag("es"));

  private final Locale locale;

  Language(Locale locale) {
    this.locale = locale;
  }

  Locale locale() {
    return locale;
  }

  /** {@code en} or {@code es}, as the configuration writes it. */
  String code() {
    return locale.getLanguage();
  }

  static Language of(String code) {
    for (Language language : values()) {
      if (language.code().equals(code)) {
        return language;
      }
    }
    throw new TypeConversionException("'" + code + "' is unknown; known: en, es");
  }

  /** The one given, or the machine's own when we speak it, or English. */
  static Language orMachines(Language given) {
    if (given != null) {
      return given;
    }
    String machines = Locale.getDefault(Locale.Category.DISPLAY).getLanguage();
    return machines.equals(ES.code()) ? ES : EN;
  }
}
