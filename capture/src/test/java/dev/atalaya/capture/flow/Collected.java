package dev.atalaya.capture.flow;

import dev.atalaya.capture.FlowEvent;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a decoder makes: events as JSON lines, rejections by their code. */
final class Collected implements FlowListener {

  static final InetAddress EXPORTER = address(192, 0, 2, 1);

  final List<String> events = new ArrayList<>();
  final List<String> rejections = new ArrayList<>();

  static InetAddress address(int... bytes) {
    byte[] raw = new byte[bytes.length];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (byte) bytes[i];
    }
    try {
      return InetAddress.getByAddress(raw);
    } catch (java.net.UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public void flow(FlowEvent event) {
    events.add(event.toString());
  }

  @Override
  public void rejected(
      InetAddress exporter,
      RejectReason reason,
      String detail,
      byte[] bytes,
      int offset,
      int length) {
    if (offset < 0 || length < 0 || offset + length > bytes.length) {
      throw new AssertionError("no part of the datagram: " + offset + " + " + length);
    }
    rejections.add(reason.code());
  }

  void decode(FlowExportDecoder decoder, byte[] datagram) {
    decoder.decode(EXPORTER, datagram, 0, datagram.length, 1_700_000_000_000L, this);
  }

  void clear() {
    events.clear();
    rejections.clear();
  }
}
