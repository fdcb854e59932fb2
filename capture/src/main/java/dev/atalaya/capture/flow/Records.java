package dev.atalaya.capture.flow;

import static dev.atalaya.capture.BigEndian.u16;
import static dev.atalaya.capture.BigEndian.u8;
import static dev.atalaya.capture.BigEndian.unsigned;

import dev.atalaya.capture.FlowEvent;
import dev.atalaya.capture.IpAddress;
import java.util.Arrays;

/**
 * Reads the records of a set by their template, and makes events of them.
 *
 * <p>An event has the delta counters of a record, else the totals, else those of the initiator (of
 * firewalls), else those behind the observation point. What a record tells of the way back (RFC
 * 5103, and firewalls) becomes a second event with the endpoints changed over. Of an element that
 * stands in a record more than once, the first counts.
 */
final class Records {

  private static final long ABSENT = FlowEvent.ABSENT;

  /** What read answers beside lengths. */
  private static final int CUT_OFF = -1;

  private final FlowOutput out;
  private final long[] values = new long[Elements.COUNT];
  private final IpAddress[] addresses = new IpAddress[Elements.FIRST_NUMBER];
  private boolean outOfRange;

  Records(FlowOutput out) {
    this.out = out;
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = new IpAddress();
    }
  }

  /**
   * Reads a set of data.
   *
   * @param from its head
   * @return how many records it has, or -1 when it ends inside of one
   */
  int decode(
      Exporter exporter, ExportHeader header, Template template, byte[] d, int from, int end) {
    Domain domain = exporter.domain(header.domainKey());
    int at = from + 4;
    int records = 0;
    if (end - at < template.minLength) {
      reject(exporter, "a set shorter than one of its records", d, from, end);
      return -1;
    }
    // What is left below the length of a record is padding.
    while (end - at >= template.minLength) {
      int length = read(template, d, at, end);
      if (length == CUT_OFF) {
        reject(exporter, "a field that runs past its set", d, at, end);
        return -1;
      }
      records++;
      if (template.options) {
        out.count(FlowCounter.OPTION_RECORDS);
        learn(domain);
      } else if (!hasTraffic()) {
        out.count(FlowCounter.OTHER_RECORDS);
      } else if (!fill(exporter, header, domain) || !emit()) {
        out.reject(
            exporter.address(),
            RejectReason.NUMBER_RANGE,
            "a number of 2^63 or more",
            d,
            at,
            length);
      }
      at += length;
    }
    return records;
  }

  private void reject(Exporter exporter, String detail, byte[] d, int from, int end) {
    out.reject(exporter.address(), RejectReason.LENGTH, detail, d, from, end - from);
  }

  private int read(Template template, byte[] d, int from, int end) {
    Arrays.fill(values, ABSENT);
    for (IpAddress address : addresses) {
      address.clear();
    }
    outOfRange = false;
    byte[] elements = template.elements;
    char[] lengths = template.lengths;
    int at = from;
    for (int i = 0; i < elements.length; i++) {
      int length = lengths[i];
      if (length == Template.VARIABLE) {
        if (at >= end) {
          return CUT_OFF;
        }
        length = u8(d, at++);
        if (length == 255) {
          if (end - at < 2) {
            return CUT_OFF;
          }
          length = u16(d, at);
          at += 2;
        }
      }
      if (length > end - at) {
        return CUT_OFF;
      }
      int element = elements[i];
      if (element != Elements.SKIPPED) {
        take(element, d, at, length);
      }
      at += length;
    }
    return at - from;
  }

  private void take(int element, byte[] d, int at, int length) {
    if (!Elements.isNumber(element)) {
      boolean ipv4 = element <= Elements.NEXT_HOP_IPV4;
      IpAddress address = addresses[element];
      if (length == (ipv4 ? IpAddress.IPV4_LENGTH : IpAddress.IPV6_LENGTH)
          && !address.isPresent()) {
        address.set(d, at, length);
      }
    } else if (length >= 1 && length <= Long.BYTES && values[element] == ABSENT) {
      long value = unsigned(d, at, length);
      values[element] = value;
      outOfRange |= value < 0 && !Elements.isNtp(element);
    }
  }

  private boolean hasTraffic() {
    return addresses[Elements.SRC_IPV4].isPresent()
        || addresses[Elements.DST_IPV4].isPresent()
        || addresses[Elements.SRC_IPV6].isPresent()
        || addresses[Elements.DST_IPV6].isPresent()
        || bytes() >= 0;
  }

  private long bytes() {
    return first(
        Elements.OCTETS, Elements.TOTAL_OCTETS, Elements.INITIATOR_OCTETS, Elements.POST_OCTETS);
  }

  private long packets() {
    return first(
        Elements.PACKETS,
        Elements.TOTAL_PACKETS,
        Elements.INITIATOR_PACKETS,
        Elements.POST_PACKETS);
  }

  private long first(int one, int two, int three, int four) {
    long value = first(one, two, three);
    return value != ABSENT ? value : values[four];
  }

  private long first(int one, int two, int three) {
    return values[one] != ABSENT
        ? values[one]
        : values[two] != ABSENT ? values[two] : values[three];
  }

  /** False when a number is too high. */
  private boolean fill(Exporter exporter, ExportHeader header, Domain domain) {
    if (outOfRange) {
      return false;
    }
    FlowEvent event = out.event();
    event.clear();
    choose(event.src(), Elements.SRC_IPV4, Elements.SRC_IPV6);
    choose(event.dst(), Elements.DST_IPV4, Elements.DST_IPV6);
    choose(event.nextHop(), Elements.NEXT_HOP_IPV4, Elements.NEXT_HOP_IPV6);
    if (event.nextHop().isUnspecified()) {
      event.nextHop().clear();
    }
    event.exporter().set(exporter.ip());
    event.set(
        FlowEvent.SPORT, first(Elements.SRC_PORT, Elements.UDP_SRC_PORT, Elements.TCP_SRC_PORT));
    event.set(
        FlowEvent.DPORT, first(Elements.DST_PORT, Elements.UDP_DST_PORT, Elements.TCP_DST_PORT));
    event.set(FlowEvent.PROTO, values[Elements.PROTOCOL]);
    event.set(FlowEvent.TOS, values[Elements.TOS]);
    long flags = values[Elements.TCP_FLAGS];
    event.set(FlowEvent.FLAGS, flags == ABSENT ? ABSENT : flags & 0xff);
    event.set(FlowEvent.IN, values[Elements.IN_INTERFACE]);
    event.set(FlowEvent.OUT, values[Elements.OUT_INTERFACE]);
    event.set(FlowEvent.SRC_AS, values[Elements.SRC_AS]);
    event.set(FlowEvent.DST_AS, values[Elements.DST_AS]);
    event.set(FlowEvent.DOMAIN, header.domain());
    return FlowTimes.fill(event, header, domain, values)
        && Sampling.apply(event, rate(domain), bytes(), packets());
  }

  private void choose(IpAddress target, int ipv4, int ipv6) {
    // Some exporters have one layout for both, and leave one address empty.
    IpAddress four = addresses[ipv4];
    IpAddress six = addresses[ipv6];
    boolean useSix =
        four.isPresent() ? four.isUnspecified() && !six.isUnspecified() : six.isPresent();
    target.set(useSix ? six : four);
  }

  /** False when a number of the way back is too high. */
  private boolean emit() {
    FlowEvent event = out.event();
    out.emit();
    long bytes = values[Elements.REVERSE_OCTETS];
    long packets = values[Elements.REVERSE_PACKETS];
    if (bytes <= 0 && packets <= 0) {
      return true;
    }
    event.reverse();
    if (!Sampling.apply(event, Math.max(1, event.get(FlowEvent.SAMPLING)), bytes, packets)) {
      return false;
    }
    out.emit();
    return true;
  }

  private void learn(Domain domain) {
    if (outOfRange) {
      return;
    }
    long rate = ownRate();
    if (rate > 0) {
      domain.sampler(samplerId(), rate);
    }
    if (values[Elements.BOOT_MILLIS] > 0) {
      domain.bootMillis = values[Elements.BOOT_MILLIS];
    }
  }

  private long rate(Domain domain) {
    long own = ownRate();
    return own > 0 ? own : domain.rate(samplerId());
  }

  private long samplerId() {
    long selector = values[Elements.SELECTOR_ID];
    return selector != ABSENT ? selector : values[Elements.SAMPLER_ID];
  }

  /** The rate that the record itself tells; 0 or below when it does not. */
  private long ownRate() {
    long packets = values[Elements.SAMPLING_PACKETS];
    long space = values[Elements.SAMPLING_SPACE];
    if (packets > 0) {
      // Without a space it is meant as the interval of NetFlow: one of so many.
      return space > 0 ? Sampling.rate(packets + space, packets) : space == 0 ? 1 : packets;
    }
    if (values[Elements.SAMPLING_SIZE] > 0 && values[Elements.SAMPLING_POPULATION] > 0) {
      return Sampling.rate(values[Elements.SAMPLING_POPULATION], values[Elements.SAMPLING_SIZE]);
    }
    return Math.max(values[Elements.SAMPLING_INTERVAL], values[Elements.RANDOM_INTERVAL]);
  }
}
