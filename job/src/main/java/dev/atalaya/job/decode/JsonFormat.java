package dev.atalaya.job.decode;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.atalaya.job.config.FieldConfig;
import dev.atalaya.job.config.FormatConfig;
import dev.atalaya.job.config.FormatConfig.Kind;
import dev.atalaya.job.config.FormatNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * JSON objects, one per record. RFC 8259 to the letter: no comments, no NaN, no trailing commas,
 * nothing after the document.
 *
 * <p>A field that is needed and comes twice makes the record ambiguous, so it is rejected; of other
 * fields it does not matter.
 */
final class JsonFormat implements Format {

  /*
   * Jackson's streaming parser, no tree: a trie of the wanted paths is walked along with the tokens,
   * everything else is skipped by depth. Values go from the parser's char buffer straight into the
   * record. The factory's symbol table makes field names the same String from event to event, so
   * their hash is computed once. STRICT_DUPLICATE_DETECTION would keep a set of names per object.
   */

  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

  private final JsonFactory factory;
  private final FieldTrie.Node root;
  private final boolean lenient;
  private final FormatConfig.Limits limits;
  private final FieldPlan plan;

  /** Whether an object in the document may be the record, as some senders name its kind. */
  private final boolean isWrapped;

  /** The numbers that are of a sample, and how many each stands for. */
  private final int[] sampledSlots;

  private final NumberParser sampling;
  private long samplingRate;

  private long document;
  private int fields;
  private boolean stringsMayExceed;

  JsonFormat(FormatConfig config, FieldPlan plan, String timeField) {
    lenient = config.lenient() || config.kind() != Kind.JSON;
    this.plan = plan;
    limits = config.limits();
    FormatNames names = FormatNames.of(config.kind());
    root = FieldTrie.of(plan, timeField, names);
    isWrapped = config.kind() == Kind.ZEEK;
    sampledSlots = names.samplingField() == null ? new int[0] : sampled(plan, names);
    sampling = new NumberParser(limits.maxNumberLength());
    factory =
        new JsonFactoryBuilder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(limits.maxDepth())
                    .maxNumberLength(limits.maxNumberLength())
                    .maxStringLength(limits.maxStringLength())
                    .maxNameLength(limits.maxNameLength())
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
  }

  /** Bytes and packets, also by the names that the format has for them. */
  private static int[] sampled(FieldPlan plan, FormatNames names) {
    Set<String> sampled = new HashSet<>(Set.of("bytes", "packets"));
    sampled.addAll(names.own("bytes"));
    sampled.addAll(names.own("packets"));
    return IntStream.range(0, plan.numberFields().size())
        .filter(slot -> sampled.contains(plan.numberFields().get(slot).path()))
        .toArray();
  }

  @Override
  public void read(byte[] bytes, int from, int end, EventBuilder event) {
    if (Lines.hasNul(bytes, from, Math.min(from + 4, end))) {
      // The parser would take zeros among the first four bytes for UTF-16 or UTF-32.
      event.fail(RejectReason.ENCODING, "NUL bytes at the beginning: looks like UTF-16 or UTF-32");
    } else {
      readDocument(bytes, from, end, event);
    }
  }

  private void readDocument(byte[] bytes, int from, int end, EventBuilder event) {
    document++;
    fields = 0;
    samplingRate = 1;
    stringsMayExceed = end - from > limits.maxStringLength();
    try (JsonParser parser = factory.createParser(bytes, from, end - from)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        if (readObject(parser, root, event) && checkEnd(parser, event)) {
          applySampling(event);
        }
      } else if (skipValue(parser, event) && checkEnd(parser, event)) {
        event.fail(RejectReason.SHAPE, "not an object at the top");
      }
    } catch (StreamConstraintsException e) {
      event.fail(limitOf(e), VisibleText.of(e.getOriginalMessage()));
    } catch (JacksonException e) {
      event.fail(
          RejectReason.SYNTAX,
          VisibleText.of(e.getOriginalMessage())
              + (e.getLocation() == null ? "" : " at byte " + e.getLocation().getByteOffset()));
    } catch (IOException e) {
      event.fail(RejectReason.SYNTAX, VisibleText.of(String.valueOf(e.getMessage())));
    }
  }

  private void applySampling(EventBuilder event) {
    if (samplingRate > 1) {
      for (int slot : sampledSlots) {
        if (!event.scale(slot, samplingRate)) {
          return;
        }
      }
    }
  }

  private static boolean checkEnd(JsonParser parser, EventBuilder event) throws IOException {
    return parser.nextToken() == null
        || event.fail(
            RejectReason.SYNTAX,
            "text after the document; json.ndjson takes one document per line");
  }

  /**
   * Reads the rest of an object whose begin has been read. Recurses along configured paths only.
   */
  private boolean readObject(JsonParser parser, FieldTrie.Node node, EventBuilder event)
      throws IOException {
    int position = 0;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      if (!countField(event)) {
        return false;
      }
      JsonToken token = parser.nextToken();
      FieldTrie.Node child = node.child(name, position++);
      boolean good =
          child != null
              ? readValue(parser, token, child, event)
              : (isWrapped && node == root && token == JsonToken.START_OBJECT)
                  ? readObject(parser, root, event)
                  : skipValue(parser, event);
      if (!good) {
        return false;
      }
    }
    return true;
  }

  private boolean countField(EventBuilder event) {
    return ++fields <= limits.maxFields()
        || event.fail(RejectReason.FIELDS, "more than " + limits.maxFields() + " fields");
  }

  private boolean readValue(
      JsonParser parser, JsonToken token, FieldTrie.Node node, EventBuilder event)
      throws IOException {
    if (node.lastDocument == document) {
      return event.fail(
          RejectReason.DUPLICATE_FIELD,
          "field \"" + VisibleText.of(parser.currentName()) + "\" comes twice");
    }
    node.lastDocument = document;
    return switch (token) {
      case VALUE_STRING -> readString(parser, node, event);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> readNumber(parser, token, node, event);
      case VALUE_TRUE -> readBoolean(TRUE, node, event);
      case VALUE_FALSE -> readBoolean(FALSE, node, event);
      case START_OBJECT -> acceptsStructure(node, event) && readObject(parser, node, event);
      case START_ARRAY -> acceptsStructure(node, event) && skipValue(parser, event);
      default -> true; // null is as if absent
    };
  }

  private boolean readString(JsonParser parser, FieldTrie.Node node, EventBuilder event)
      throws IOException {
    char[] chars = parser.getTextCharacters();
    int offset = parser.getTextOffset();
    int length = parser.getTextLength();
    if (length > limits.maxStringLength()) {
      return event.fail(RejectReason.STRING_LENGTH, "a string of " + length + " characters");
    }
    for (int slot : node.textSlots) {
      if (!event.text(slot, chars, offset, length)) {
        return false;
      }
    }
    if (node.sampling && !readSampling(chars, offset, length, event)) {
      return false;
    }
    for (int slot : node.numberSlots) {
      if (!event.number(slot, chars, offset, length)) {
        return false;
      }
      if (!lenient) {
        return wrongType(slot, "is a string; lenient: true takes numbers in strings", event);
      }
    }
    return !node.time || event.time(chars, offset, length);
  }

  private boolean readNumber(
      JsonParser parser, JsonToken token, FieldTrie.Node node, EventBuilder event)
      throws IOException {
    char[] chars = parser.getTextCharacters();
    int offset = parser.getTextOffset();
    int length = parser.getTextLength();
    for (int slot : node.textSlots) {
      boolean asIs = token == JsonToken.VALUE_NUMBER_INT && !isMinusZero(chars, offset, length);
      if (asIs
          ? !event.text(slot, chars, offset, length)
          : !canonicalNumber(slot, new String(chars, offset, length), event)) {
        return false;
      }
    }
    for (int slot : node.numberSlots) {
      if (!event.number(slot, chars, offset, length)) {
        return false;
      }
    }
    if (node.sampling && !readSampling(chars, offset, length, event)) {
      return false;
    }
    return !node.time || event.time(chars, offset, length);
  }

  /** Exporters that do not sample, or do not say, write 0. */
  private boolean readSampling(char[] chars, int offset, int length, EventBuilder event) {
    if (length == 1 && chars[offset] >= '0' && chars[offset] <= '9') {
      samplingRate = (long) chars[offset] - '0'; // as of most exporters
      return true;
    }
    byte[] utf8 = new String(chars, offset, length).getBytes(StandardCharsets.UTF_8);
    RejectReason wrong = sampling.parse(utf8, 0, utf8.length);
    if (wrong != null) {
      return event.fail(wrong, "the sampling rate: " + sampling.detail());
    }
    samplingRate = sampling.value();
    return samplingRate >= 0
        || event.fail(RejectReason.NEGATIVE, "the sampling rate is " + samplingRate);
  }

  private static boolean isMinusZero(char[] chars, int offset, int length) {
    return length == 2 && chars[offset] == '-' && chars[offset + 1] == '0';
  }

  private boolean canonicalNumber(int slot, String decimal, EventBuilder event) {
    String canonical = NumberParser.canonical(decimal);
    if (canonical == null) {
      return event.fail(
          RejectReason.NUMBER_RANGE,
          EventBuilder.label(plan.textFields().get(slot)) + " is beyond all numbers");
    }
    byte[] text = canonical.getBytes(StandardCharsets.US_ASCII);
    return event.text(slot, text, 0, text.length);
  }

  private boolean readBoolean(byte[] word, FieldTrie.Node node, EventBuilder event) {
    for (int slot : node.textSlots) {
      if (!event.text(slot, word, 0, word.length)) {
        return false;
      }
    }
    if (node.numberSlots.length > 0) {
      return wrongType(node.numberSlots[0], "is true or false", event);
    }
    return !node.time || event.fail(RejectReason.TIME_FORMAT, "the time is true or false");
  }

  /** Whether an object or array may stand where a value is looked for. */
  private boolean acceptsStructure(FieldTrie.Node node, EventBuilder event) {
    for (int slot : node.textSlots) {
      if (plan.required(slot)) {
        FieldConfig field = plan.textFields().get(slot);
        return event.fail(
            RejectReason.KEY_TYPE, EventBuilder.label(field) + " is an object or array");
      }
    }
    if (node.numberSlots.length > 0) {
      return wrongType(node.numberSlots[0], "is an object or array", event);
    }
    return !node.time || event.fail(RejectReason.TIME_FORMAT, "the time is an object or array");
  }

  private boolean wrongType(int numberSlot, String what, EventBuilder event) {
    FieldConfig field = plan.numberFields().get(numberSlot);
    return event.fail(RejectReason.TYPE, EventBuilder.label(field) + " " + what);
  }

  /** Skips the value that the parser has come to, within the limits. */
  private boolean skipValue(JsonParser parser, EventBuilder event) throws IOException {
    int depth = 0;
    for (JsonToken token = parser.currentToken(); token != null; token = parser.nextToken()) {
      if (token == JsonToken.FIELD_NAME) {
        if (!countField(event)) {
          return false;
        }
      } else if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token == JsonToken.VALUE_STRING
          && stringsMayExceed
          && parser.getTextLength() > limits.maxStringLength()) {
        return event.fail(RejectReason.STRING_LENGTH, "a string in a field that is not needed");
      }
      if (depth == 0) {
        return true;
      }
    }
    return true;
  }

  /** Which limit an exception speaks of; Jackson tells only in words. */
  private static RejectReason limitOf(StreamConstraintsException e) {
    String message = e.getOriginalMessage();
    if (message.contains("nesting depth")) {
      return RejectReason.DEPTH;
    } else if (message.contains("Number value length")) {
      return RejectReason.NUMBER_LENGTH;
    } else if (message.contains("String value length")) {
      return RejectReason.STRING_LENGTH;
    } else if (message.contains("Name length") || message.contains("name length")) {
      return RejectReason.NAME_LENGTH;
    }
    return RejectReason.FIELDS;
  }

  @Override
  public String similarName(byte[] bytes, int from, int end, String path) {
    try (JsonParser parser = factory.createParser(bytes, from, end - from)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          String found = FieldTrie.path(parser.getParsingContext());
          if (found.equalsIgnoreCase(path) && !found.equals(path)) {
            return found;
          }
        }
      }
    } catch (IOException e) {
      return null; // the document was read before: this is only a hint
    }
    return null;
  }
}
