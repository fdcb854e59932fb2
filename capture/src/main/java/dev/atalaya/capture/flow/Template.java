package dev.atalaya.capture.flow;

import static dev.atalaya.capture.BigEndian.u16;
import static dev.atalaya.capture.BigEndian.u32;

import java.util.Arrays;

/**
 * The layout of a record: for each field what it is and its length. Neighbours that are not read
 * become one field, those of length 0 none, so that each field stands for a byte of a record at
 * least. Takes about {@link #bytes()} bytes.
 */
final class Template {

  /** The length that says that the length stands in the record (IPFIX). */
  static final int VARIABLE = 0xffff;

  /** The longest set of data that a datagram can hold. */
  private static final int MAX_RECORD = 0xffff - 20;

  private static final int ENTERPRISE_BIT = 0x8000;
  private static final int OBJECT_BYTES = 160;

  final boolean options;
  final byte[] elements;
  final char[] lengths;

  /** The least that a record takes, at least 1. */
  final int minLength;

  private Template(boolean options, byte[] elements, char[] lengths, int minLength) {
    this.options = options;
    this.elements = elements;
    this.lengths = lengths;
    this.minLength = minLength;
  }

  long bytes() {
    return OBJECT_BYTES + elements.length * 3L;
  }

  boolean sameAs(Template other) {
    return options == other.options
        && Arrays.equals(elements, other.elements)
        && Arrays.equals(lengths, other.lengths);
  }

  /** Reads the fields of one template, of which it may turn out that they cannot be meant. */
  static final class Reader {

    private final boolean ipfix;
    private byte[] elements = new byte[64];
    private char[] lengths = new char[64];
    private int count;
    private int minLength;

    /** Behind the fields that were read; the end when they are cut off. */
    int at;

    /** Why there is no template; null when there is one. */
    String fault;

    Reader(boolean ipfix) {
      this.ipfix = ipfix;
    }

    /**
     * Reads what follows the head of a template.
     *
     * @param scopes how many of the fields say what the others are about; 0 when it is no options
     *     template
     * @return null when {@link #fault} says why not
     */
    Template read(byte[] d, int offset, int end, int fields, int scopes, boolean options) {
      at = offset;
      count = 0;
      minLength = 0;
      fault = fields == 0 ? "a template without fields" : null;
      for (int i = 0; i < fields; i++) {
        if (end - at < 4) {
          return cutOff(end);
        }
        int id = u16(d, at);
        int length = u16(d, at + 2);
        at += 4;
        long enterprise = 0;
        if (ipfix && (id & ENTERPRISE_BIT) != 0) {
          if (end - at < 4) {
            return cutOff(end);
          }
          enterprise = u32(d, at);
          at += 4;
          id &= ~ENTERPRISE_BIT;
        }
        // The scopes of NetFlow v9 have numbers of their own.
        add(!ipfix && i < scopes ? Elements.SKIPPED : Elements.of(enterprise, id), length);
      }
      if (fault == null && minLength == 0) {
        fault = "a template whose fields all have length 0";
      } else if (fault == null && minLength > MAX_RECORD) {
        fault = "a template of records longer than a datagram: " + minLength + " bytes";
      }
      return fault == null
          ? new Template(
              options, Arrays.copyOf(elements, count), Arrays.copyOf(lengths, count), minLength)
          : null;
    }

    private Template cutOff(int end) {
      at = end;
      fault = "a template that ends before its last field";
      return null;
    }

    private void add(int element, int length) {
      if (length == 0) {
        // Kept, thousands of them would be walked for each byte of data.
        return;
      }
      if (length == VARIABLE) {
        if (!ipfix) {
          fault = "a field of length 65535, which NetFlow v9 does not have";
          return;
        }
        minLength++;
      } else {
        minLength += length;
        int last = count - 1;
        if (element == Elements.SKIPPED
            && last >= 0
            && elements[last] == Elements.SKIPPED
            && lengths[last] != VARIABLE
            && lengths[last] + length < VARIABLE) {
          lengths[last] += (char) length;
          return;
        }
      }
      if (count == elements.length) {
        elements = Arrays.copyOf(elements, 2 * count);
        lengths = Arrays.copyOf(lengths, 2 * count);
      }
      elements[count] = (byte) element;
      lengths[count++] = (char) length;
    }
  }
}
