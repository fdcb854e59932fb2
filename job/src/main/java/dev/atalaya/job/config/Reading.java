package dev.atalaya.job.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is gathered while a configuration is read: problems, warnings, and the keys there are. */
final class Reading {

  private final boolean catalogue;
  private final List<ConfigProblem> problems = new ArrayList<>();
  private final List<ConfigProblem> warnings = new ArrayList<>();
  private final Map<String, String> keys = new TreeMap<>();

  /**
   * @param catalogue whether there is no configuration at all and only the keys are wanted
   */
  Reading(boolean catalogue) {
    this.catalogue = catalogue;
  }

  boolean isCatalogue() {
    return catalogue;
  }

  List<ConfigProblem> problems() {
    return problems;
  }

  List<ConfigProblem> warnings() {
    return warnings;
  }

  void problem(Place place, String key, String message) {
    problems.add(new ConfigProblem(place, key, message));
  }

  /** Throws what was found so far, in the order of the file. */
  void throwIfRefused() {
    if (!problems.isEmpty()) {
      throw new ConfigException(
          problems.stream()
              .sorted(Comparator.comparingInt(problem -> problem.place().line()))
              .distinct()
              .toList());
    }
  }

  void warning(Place place, String key, String message) {
    warnings.add(new ConfigProblem(place, key, message));
  }

  /**
   * @param fallback the default as it would be written, or null when there is none
   */
  void know(String path, String fallback) {
    keys.put(path.replaceAll("\\[\\d+\\]", "[]"), fallback == null ? "" : fallback);
  }

  /** Every key there is, with its default as it would be written. */
  Map<String, String> keys() {
    return keys;
  }
}
