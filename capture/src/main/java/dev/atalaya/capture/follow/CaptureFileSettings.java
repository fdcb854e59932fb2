package dev.atalaya.capture.follow;

import java.nio.file.Path;
import java.util.List;

/**
 * Which capture files are read, and what becomes of their packets.
 *
 * @param state the file that keeps how far each is confirmed; its folder has to exist; null when
 *     all are to be read at each start
 */
public record CaptureFileSettings(List<Path> files, Content content, Path state) {

  /** What is made of a packet. */
  public enum Content {
    /** Each packet of IP is an event. */
    PACKETS,
    /** Each flow that is told in a UDP packet: NetFlow v5 and v9, IPFIX, sFlow v5. */
    FLOWS
  }

  public CaptureFileSettings {
    files = List.copyOf(files);
  }
}
