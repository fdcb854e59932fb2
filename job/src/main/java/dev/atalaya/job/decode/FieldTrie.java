package dev.atalaya.job.decode;

import com.fasterxml.jackson.core.JsonStreamContext;
import dev.atalaya.job.config.FieldConfig;
import dev.atalaya.job.config.FormatNames;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The wanted paths of JSON documents as a tree by name: {@code source.ip} is the field {@code ip}
 * of the object {@code source}, or a field of the top that is itself named {@code source.ip}.
 */
final class FieldTrie {

  private static final int[] NONE = {};

  /** How many fields of an object are remembered by position; a power of two. */
  private static final int USUAL = 64;

  /** One name, and what a value found there is for. */
  static final class Node {

    private final Map<String, Node> children = new HashMap<>();
    int[] textSlots = NONE;
    int[] numberSlots = NONE;
    boolean time;

    /** Whether bytes and packets are multiplied by it. */
    boolean sampling;

    /** The number of the document that had it last, to see it come twice. */
    long lastDocument;

    /** The names that the last documents had, by position, and the children they led to. */
    private final String[] usualNames = new String[USUAL];

    private final Node[] usualChildren = new Node[USUAL];

    /**
     * The node of a name, or null.
     *
     * @param position of the name in its object
     */
    // Identity: a parser hands out one String per name, and documents of one stream have their
    // names in one order. Spares the map for most fields: 7 % of a whole event.
    @SuppressWarnings("ReferenceEquality")
    Node child(String name, int position) {
      int usual = position & (USUAL - 1);
      if (usualNames[usual] == name) {
        return usualChildren[usual];
      }
      Node child = children.get(name);
      usualNames[usual] = name;
      usualChildren[usual] = child;
      return child;
    }
  }

  private FieldTrie() {}

  /**
   * @param timeField the path of the time, or null
   * @param names what the format calls the fields
   */
  static Node of(FieldPlan plan, String timeField, FormatNames names) {
    Node root = new Node();
    List<FieldConfig> texts = plan.textFields();
    for (int slot = 0; slot < texts.size(); slot++) {
      for (Node node : leaves(root, texts.get(slot).path(), names)) {
        node.textSlots = with(node.textSlots, slot);
      }
    }
    List<FieldConfig> numbers = plan.numberFields();
    for (int slot = 0; slot < numbers.size(); slot++) {
      for (Node node : leaves(root, numbers.get(slot).path(), names)) {
        node.numberSlots = with(node.numberSlots, slot);
      }
    }
    if (timeField != null) {
      leaves(root, timeField, names).forEach(node -> node.time = true);
    }
    if (names.samplingField() != null) {
      leaves(root, names.samplingField(), names).forEach(node -> node.sampling = true);
    }
    return root;
  }

  private static List<Node> leaves(Node root, String path, FormatNames names) {
    return names.own(path).stream().map(own -> leaf(root, own)).toList();
  }

  private static Node leaf(Node root, String path) {
    Node node = root;
    for (String name : path.split("\\.", -1)) {
      node = node.children.computeIfAbsent(name, unseen -> new Node());
    }
    root.children.putIfAbsent(path, node);
    return node;
  }

  private static int[] with(int[] slots, int slot) {
    int[] more = Arrays.copyOf(slots, slots.length + 1);
    more[slots.length] = slot;
    return more;
  }

  /** The dotted path of the name a parser has come to; array elements do not show. */
  static String path(JsonStreamContext context) {
    Deque<String> names = new ArrayDeque<>();
    for (JsonStreamContext at = context; at != null; at = at.getParent()) {
      if (at.hasCurrentName()) {
        names.addFirst(at.getCurrentName());
      }
    }
    return String.join(".", names);
  }
}
