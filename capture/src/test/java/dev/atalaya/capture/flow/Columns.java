package dev.atalaya.capture.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The records of a datagram as tshark lists them: one list for each field, of those that have it.
 */
final class Columns {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> NAMES =
      List.of("srcaddr", "srcport", "dstaddr", "dstport", "protocol", "octets", "packets");
  private static final List<String> FIELDS =
      List.of("src", "sport", "dst", "dport", "proto", "bytes", "packets");

  private final Map<String, List<String>> lists = new HashMap<>();

  /** Flows, each as source, port, destination, port, protocol, bytes, packets. */
  static Columns of(String... flows) {
    Columns columns = new Columns();
    for (String flow : flows) {
      String[] fields = flow.split(" ");
      for (int i = 0; i < fields.length; i++) {
        columns.add(NAMES.get(i), fields[i]);
      }
    }
    return columns;
  }

  static Columns ofTshark(JsonNode datagram) {
    Columns columns = new Columns();
    for (String name :
        List.of(
            "srcaddr",
            "srcaddrv6",
            "srcport",
            "dstaddr",
            "dstaddrv6",
            "dstport",
            "protocol",
            "octets",
            "packets")) {
      JsonNode value = datagram.path(name);
      if (value.isTextual()) {
        columns.add(name, value.asText());
      }
      value.forEach(item -> columns.add(name, item.asText()));
    }
    return columns;
  }

  static Columns ofEvents(List<String> events) throws IOException {
    Columns columns = new Columns();
    for (String event : events) {
      JsonNode json = JSON.readTree(event);
      for (int i = 0; i < FIELDS.size(); i++) {
        if (json.has(FIELDS.get(i))) {
          columns.add(NAMES.get(i), json.get(FIELDS.get(i)).asText());
        }
      }
    }
    return columns;
  }

  Columns withoutUnspecified() {
    lists
        .values()
        .forEach(list -> list.removeIf(text -> text.equals("::") || text.equals("0.0.0.0")));
    return this;
  }

  Columns firstOfTwoPorts() {
    for (String name : List.of("srcport", "dstport")) {
      List<String> all = lists.get(name);
      List<String> firsts = new ArrayList<>();
      for (int i = 0; i < all.size(); i += 2) {
        firsts.add(all.get(i));
      }
      lists.put(name, firsts);
    }
    return this;
  }

  Columns times(long rate) {
    for (String name : List.of("octets", "packets")) {
      lists.get(name).replaceAll(text -> Long.toString(Long.parseLong(text) * rate));
    }
    return this;
  }

  /**
   * With what was counted of each record, as {@code bytes,packets}, and behind a colon the same of
   * the way back, which makes one more.
   */
  Columns counted(String... counts) {
    Columns columns = new Columns();
    for (int i = 0; i < counts.length; i++) {
      String[] ways = counts[i].split(":");
      for (int way = 0; way < ways.length; way++) {
        columns.add("srcaddr", lists.get(way == 0 ? "srcaddr" : "dstaddr").get(i));
        columns.add("dstaddr", lists.get(way == 0 ? "dstaddr" : "srcaddr").get(i));
        columns.add("srcport", lists.get(way == 0 ? "srcport" : "dstport").get(i));
        columns.add("dstport", lists.get(way == 0 ? "dstport" : "srcport").get(i));
        columns.add("protocol", lists.get("protocol").get(i));
        String[] numbers = ways[way].split(",");
        if (!numbers[0].isEmpty()) {
          columns.add("octets", numbers[0]);
        }
        if (numbers.length > 1) {
          columns.add("packets", numbers[1]);
        }
      }
    }
    return columns;
  }

  private void add(String name, String value) {
    boolean six = name.endsWith("addr") && value.indexOf(':') >= 0;
    lists.computeIfAbsent(six ? name + "v6" : name, k -> new ArrayList<>()).add(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Columns columns && lists.equals(columns.lists);
  }

  @Override
  public int hashCode() {
    return lists.hashCode();
  }

  @Override
  public String toString() {
    return lists.toString();
  }
}
