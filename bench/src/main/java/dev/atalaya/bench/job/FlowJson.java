package dev.atalaya.bench.job;

import java.nio.charset.StandardCharsets;

/** The {@link Flows} as JSON messages. */
final class FlowJson {

  private FlowJson() {}

  static byte[] of(Flows flows, long event, long millis) {
    int bytes = flows.bytes(event);
    String json =
        "{\"ts\":"
            + millis
            + ",\"src\":\""
            + flows.sources.string(flows.source(event))
            + "\",\"sport\":"
            + (1024 + event % 60_000)
            + ",\"dst\":\""
            + flows.destinations.string(flows.destination(event))
            + "\",\"dport\":"
            + flows.port(event)
            + ",\"proto\":\"tcp\",\"bytes\":"
            + bytes
            + ",\"packets\":"
            + (1 + bytes / 100)
            + ",\"flags\":\"SA\",\"sensor\":\"edge-1\",\"in\":3}";
    return json.getBytes(StandardCharsets.US_ASCII);
  }
}
