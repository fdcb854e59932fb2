package dev.atalaya.job.config;

/**
 * One thing that is wrong with a configuration.
 *
 * @param place where it is written, or where it should be
 * @param key its path, such as {@code detectors[0].window}; empty for the whole file
 * @param message what is wrong and what to do about it
 */
public record ConfigProblem(Place place, String key, String message) {

  /** For example {@code flows.yaml:7: detectors[0].windw: unknown key; did you mean 'window'?}. */
  @Override
  public String toString() {
    boolean named = key.isEmpty() || place.origin().equals(Overrides.OPTION + key);
    return place + ": " + (named ? "" : Printable.escape(key) + ": ") + message;
  }
}
