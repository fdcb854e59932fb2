package dev.atalaya.connectors.kafka;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.flink.connector.kafka.source.enumerator.subscriber.KafkaSubscriber;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

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
      throw new FlinkRuntimeException(explanation(e), e);
    }
  }

  private String explanation(Throwable failure) {
    if (has(failure, UnknownTopicOrPartitionException.class)) {
      return "Kafka at " + servers + " does not have all of " + wanted;
    }
    if (has(failure, AuthenticationException.class)) {
      return "Kafka at " + servers + " refused the user name, password or certificate";
    }
    if (has(failure, AuthorizationException.class)) {
      return "Kafka at " + servers + " does not let this user read " + wanted;
    }
    if (has(failure, TimeoutException.class)) {
      return "Kafka at "
          + servers
          + " did not answer in time: is it running there, and is security set as it expects?";
    }
    return "Kafka at " + servers + " could not list " + wanted;
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
    return ExceptionUtils.findThrowable(failure, kind).isPresent();
  }
}
