package dev.atalaya.job.decode;

import dev.atalaya.job.config.FieldConfig;
import dev.atalaya.job.config.FormatNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The parts of one record that is text: a format cuts the record and says where each part is, and
 * those that somebody needs are then handed on. Parts have a number, their place among the names.
 *
 * <p>Not thread-safe.
 */
final class Parts {

  /** The number of a part that is not known. */
  static final int NONE = -1;

  private static final byte[] DASH = {'-'};

  /** The source of a part that says that it has no value. */
  private static final byte[] UNSET = {};

  private final byte[][] names;
  private final int[][] textParts;
  private final int[][] numberParts;
  private final int[] timeParts;
  private final boolean dashIsZero;

  private final byte[][] sources;
  final int[] starts;
  final int[] ends;

  /** Room for values that are not in the record as they are. */
  private byte[] unescaped = new byte[64];

  private int unescapedEnd;

  /**
   * @param names of the parts, which a name of the plan may be, or stand for
   * @param timeField the name of the time, or null
   * @param dashIsZero whether {@code -} counts 0 as a number
   */
  Parts(
      List<String> names,
      FieldPlan plan,
      String timeField,
      FormatNames vocabulary,
      boolean dashIsZero) {
    this.names =
        names.stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    this.dashIsZero = dashIsZero;
    textParts = numbersOf(plan.textFields(), names, vocabulary);
    numberParts = numbersOf(plan.numberFields(), names, vocabulary);
    timeParts = timeField == null ? new int[0] : numbersOf(timeField, names, vocabulary);
    sources = new byte[names.size()][];
    starts = new int[names.size()];
    ends = new int[names.size()];
  }

  /** Only what is needed, where the names come with each record. */
  static Parts needed(FieldPlan plan, String timeField, FormatNames vocabulary) {
    Set<String> names = new LinkedHashSet<>();
    for (List<FieldConfig> fields : List.of(plan.textFields(), plan.numberFields())) {
      fields.forEach(field -> names.addAll(vocabulary.own(field.path())));
    }
    if (timeField != null) {
      names.addAll(vocabulary.own(timeField));
    }
    return new Parts(new ArrayList<>(names), plan, timeField, vocabulary, false);
  }

  private static int[][] numbersOf(
      List<FieldConfig> fields, List<String> names, FormatNames vocabulary) {
    return fields.stream()
        .map(field -> numbersOf(field.path(), names, vocabulary))
        .toArray(int[][]::new);
  }

  private static int[] numbersOf(String name, List<String> names, FormatNames vocabulary) {
    return vocabulary.own(name).stream()
        .mapToInt(names::indexOf)
        .filter(part -> part >= 0)
        .toArray();
  }

  /** Begins a new record: no part is there. */
  void clear() {
    Arrays.fill(sources, null);
    unescapedEnd = 0;
  }

  /** The number of the part with this name, or {@link #NONE}. */
  int find(byte[] bytes, int from, int end) {
    for (int part = 0; part < names.length; part++) {
      byte[] name = names[part];
      if (name.length == end - from && Arrays.equals(name, 0, name.length, bytes, from, end)) {
        return part;
      }
    }
    return NONE;
  }

  /** The number of the part named {@code scope.name}, or {@link #NONE}. */
  int find(byte[] bytes, int scopeFrom, int scopeEnd, int from, int end) {
    int scope = scopeEnd - scopeFrom;
    for (int part = 0; part < names.length; part++) {
      byte[] name = names[part];
      if (name.length == scope + 1 + end - from
          && name[scope] == '.'
          && Arrays.equals(name, 0, scope, bytes, scopeFrom, scopeEnd)
          && Arrays.equals(name, scope + 1, name.length, bytes, from, end)) {
        return part;
      }
    }
    return NONE;
  }

  int find(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    return find(utf8, 0, utf8.length);
  }

  boolean has(int part) {
    return sources[part] != null;
  }

  /** Says where a part is; one that is not known is passed over. */
  void set(int part, byte[] bytes, int start, int end) {
    if (part != NONE) {
      sources[part] = bytes;
      starts[part] = start;
      ends[part] = end;
    }
  }

  /** Says that a part is a dash that the record does not have. */
  void setDash(int part) {
    set(part, DASH, 0, DASH.length);
  }

  /** Says that a part has no value: no text, and as a number 0. */
  void setUnset(int part) {
    set(part, UNSET, 0, 0);
  }

  /** As {@link #set}, of a part that must not come twice. */
  boolean setOnce(int part, byte[] bytes, int start, int end, EventBuilder event) {
    if (part != NONE && has(part)) {
      return event.fail(
          RejectReason.DUPLICATE_FIELD,
          "field \"" + VisibleText.of(names[part], 0, names[part].length) + "\" comes twice");
    }
    set(part, bytes, start, end);
    return true;
  }

  /**
   * Takes the backslashes out of a part that was set; before {@code n} and {@code r} they are line
   * ends.
   *
   * @param hidden before which characters; before others a backslash is one. Null for all
   */
  void unescape(int part, String hidden) {
    if (part == NONE) {
      return;
    }
    byte[] source = sources[part];
    int end = ends[part];
    int at = starts[part];
    while (at < end && source[at] != '\\') {
      at++;
    }
    if (at == end) {
      return;
    }
    int length = end - starts[part];
    if (unescaped.length - unescapedEnd < length) {
      // Parts that were set before keep the array that they are in.
      unescaped = new byte[Math.max(2 * unescaped.length, length)];
      unescapedEnd = 0;
    }
    int from = unescapedEnd;
    for (at = starts[part]; at < end; at++) {
      byte b = source[at];
      if (b == '\\' && at + 1 < end && isHidden(source[at + 1], hidden)) {
        b = source[++at];
        b = b == 'n' ? (byte) '\n' : b == 'r' ? (byte) '\r' : b;
      }
      unescaped[unescapedEnd++] = b;
    }
    set(part, unescaped, from, unescapedEnd);
  }

  private static boolean isHidden(byte b, String hidden) {
    return hidden == null || hidden.indexOf(b) >= 0;
  }

  boolean isDash(int part) {
    return ends[part] - starts[part] == 1 && sources[part][starts[part]] == '-';
  }

  /** Hands on what is needed; the first text of several, all numbers. */
  boolean fill(EventBuilder event) {
    for (int slot = 0; slot < textParts.length; slot++) {
      int part = first(textParts[slot]);
      if (part != NONE
          && !event.text(slot, sources[part], starts[part], ends[part] - starts[part])) {
        return false;
      }
    }
    for (int slot = 0; slot < numberParts.length; slot++) {
      for (int part : numberParts[slot]) {
        if (has(part) && !fillNumber(slot, part, event)) {
          return false;
        }
      }
    }
    int time = first(timeParts);
    return time == NONE || event.time(sources[time], starts[time], ends[time] - starts[time]);
  }

  // Identity: no record has this array.
  @SuppressWarnings("ReferenceEquality")
  private boolean isUnset(int part) {
    return sources[part] == UNSET;
  }

  private int first(int[] parts) {
    for (int part : parts) {
      if (has(part) && !isUnset(part)) {
        return part;
      }
    }
    return NONE;
  }

  private boolean fillNumber(int slot, int part, EventBuilder event) {
    if (isUnset(part) || (dashIsZero && isDash(part))) {
      return event.number(slot, 0);
    }
    if (starts[part] == ends[part]) {
      return true; // as if absent
    }
    return event.number(slot, sources[part], starts[part], ends[part] - starts[part]);
  }
}
