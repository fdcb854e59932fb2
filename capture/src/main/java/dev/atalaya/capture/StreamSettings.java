package dev.atalaya.capture;

import dev.atalaya.capture.follow.CaptureFileSettings;
import dev.atalaya.capture.follow.FollowSettings;
import dev.atalaya.capture.udp.UdpSettings;
import java.util.List;

/**
 * The ways in that nobody waits at for an answer.
 *
 * @param follow null for none
 * @param pcap null for none
 * @param stdin null for none
 */
public record StreamSettings(
    List<UdpSettings> udp, FollowSettings follow, CaptureFileSettings pcap, Stdin stdin) {

  public static final StreamSettings NONE = new StreamSettings(List.of(), null, null, null);

  /**
   * What comes from standard input.
   *
   * @param isPcap packets of a capture file; lines otherwise
   */
  public record Stdin(boolean isPcap, int maxLineBytes) {}

  public StreamSettings {
    udp = List.copyOf(udp);
  }

  public boolean isNone() {
    return equals(NONE);
  }
}
