package dev.atalaya.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class KafkaSinksTest {

  @Test
  void refusesEveryReservedProperty() {
    assertThat(KafkaSinks.reservedProperties()).contains("acks", "sasl.jaas.config");
    for (String key : KafkaSinks.reservedProperties()) {
      KafkaSinkSettings settings = settings("p", Map.of(key, "x"));
      assertThatThrownBy(() -> KafkaSinks.create(settings))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Kafka property " + key + " cannot be set: ");
    }
  }

  @Test
  void waitsForAllReplicasAndDoublesNothing() {
    assertThat(ClientProperties.producer(settings("p", Map.of("compression.type", "zstd"))))
        .containsEntry("bootstrap.servers", "localhost:9092")
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", "true")
        .containsEntry("transaction.timeout.ms", "1000")
        .containsEntry("compression.type", "zstd");
  }

  @Test
  void canBeSentToTheCluster() throws Exception {
    InstantiationUtil.serializeObject(KafkaSinks.create(settings("p", Map.of())));
    InstantiationUtil.serializeObject(KafkaSinks.create(settings(null, Map.of())));
  }

  private static KafkaSinkSettings settings(String prefix, Map<String, String> properties) {
    return new KafkaSinkSettings("localhost:9092", "a", "r", "d", prefix, 1000, null, properties);
  }
}
