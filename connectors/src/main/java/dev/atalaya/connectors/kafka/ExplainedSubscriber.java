package dev.atalaya.connectors.kafka;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.flink.connector.kafka.source.enumerator.subscriber.KafkaSubscriber;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.common.TopicPartition;

/** Lists partitions, and says in one sentence why that failed: it is the first thing that can. */
final class ExplainedSubscriber implements KafkaSubscriber {

  private final KafkaSubscriber lister;
  private final String wanted;
  private final String servers;

  private ExplainedSubscriber(KafkaSubscriber lister, String wanted, String servers) {
    this.lister = lister;
    this.wanted = wanted;
    this.servers = servers;
  }

  static ExplainedSubscriber ofTopics(List<String> topics, String servers) {
    return new ExplainedSubscriber(
        KafkaSubscriber.getTopicListSubscriber(topics), "topics " + topics, servers);
  }

  static ExplainedSubscriber ofPattern(Pattern pattern, String servers) {
    return new ExplainedSubscriber(
        KafkaSubscriber.getTopicPatternSubscriber(pattern), "topics like " + pattern, servers);
  }

  @Override
  public Set<TopicPartition> getSubscribedTopicPartitions(AdminClient adminClient) {
    try {
      return lister.getSubscribedTopicPartitions(adminClient);
    } catch (RuntimeException e) {
      throw KafkaFailures.explained(e, servers, wanted);
    }
  }
}
