package dev.atalaya.sketch;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Key bytes, one after the other, each behind its length (a varint): a reference is the place of
 * the length. A 13-byte key takes 14 bytes.
 *
 * <p>The arena only appends; its owner knows which references live and compacts.
 */
final class KeyArena {

  private byte[] bytes;
  private int used;

  KeyArena(int capacity) {
    bytes = new byte[capacity];
  }

  private KeyArena(KeyArena other) {
    bytes = other.bytes.clone();
    used = other.used;
  }

  KeyArena copy() {
    return new KeyArena(this);
  }

  /** Bytes that a key of this length takes. */
  static int cost(int length) {
    return Varint.size(length) + length;
  }

  boolean hasRoomFor(int length) {
    return cost(length) <= bytes.length - used;
  }

  /** The caller has made room. */
  int append(byte[] source, int offset, int length) {
    int reference = used;
    int position = reference;
    int rest = length;
    while (rest >= 0x80) {
      bytes[position++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[position++] = (byte) rest;
    System.arraycopy(source, offset, bytes, position, length);
    used = position + length;
    return reference;
  }

  /** Copies a key of another arena; the caller has made room. */
  int append(KeyArena source, int reference) {
    return append(source.bytes, source.keyOffset(reference), source.keyLength(reference));
  }

  int keyLength(int reference) {
    int length = 0;
    int shift = 0;
    int position = reference;
    byte b;
    do {
      b = bytes[position++];
      length |= (b & 0x7f) << shift;
      shift += 7;
    } while (b < 0);
    return length;
  }

  /** Where the key's own bytes begin in {@link #bytes}. */
  int keyOffset(int reference) {
    int position = reference;
    while (bytes[position] < 0) {
      position++;
    }
    return position + 1;
  }

  /** Length and bytes of a key. */
  void write(ByteBuffer target, int reference) {
    target.put(bytes, reference, keyOffset(reference) + keyLength(reference) - reference);
  }

  byte[] bytes() {
    return bytes;
  }

  int used() {
    return used;
  }

  int capacity() {
    return bytes.length;
  }

  void resize(int capacity) {
    bytes = Arrays.copyOf(bytes, capacity);
  }

  void clear() {
    used = 0;
  }
}
