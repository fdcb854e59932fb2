package dev.atalaya.job.config;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** A configuration as written: scalars are still text, and everything knows its place. */
sealed interface ConfigNode extends Serializable {

  Place place();

  /** What it is, for messages. */
  String kind();

  /**
   * @param text null when nothing was written
   */
  record Scalar(Place place, String text) implements ConfigNode {
    @Override
    public String kind() {
      return text == null ? "nothing" : "'" + Printable.escape(text) + "'";
    }
  }

  /** The items can be replaced, which is how overrides work. */
  record Sequence(Place place, List<ConfigNode> items) implements ConfigNode {
    @Override
    public String kind() {
      return items.isEmpty() ? "an empty list" : "a list";
    }
  }

  /** The entries can be replaced, which is how overrides work. */
  record Mapping(Place place, Map<String, Entry> entries) implements ConfigNode {
    @Override
    public String kind() {
      return "a mapping";
    }

    ConfigNode get(String key) {
      Entry entry = entries.get(key);
      return entry == null ? null : entry.value();
    }
  }

  /**
   * @param place of the key
   */
  record Entry(Place place, ConfigNode value) implements Serializable {}
}
