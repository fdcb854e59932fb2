package dev.atalaya.connectors.search;

import dev.atalaya.connectors.Document;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Keeps in its state what is on its way; see {@link SearchWriter}. */
final class SearchSink implements Sink<Document>, SupportsWriterState<Document, Entry> {

  private final SearchSettings settings;
  private final Backoff backoff;

  SearchSink(SearchSettings settings, Backoff backoff) {
    this.settings = settings;
    this.backoff = backoff;
  }

  @Override
  public SinkWriter<Document> createWriter(WriterInitContext context) {
    return restoreWriter(context, List.of());
  }

  /** Flink calls the other one; this is what is left of an older interface. */
  @Deprecated
  @Override
  public SinkWriter<Document> createWriter(InitContext context) {
    return new SearchWriter(
        settings,
        backoff,
        context.getMailboxExecutor(),
        context.getProcessingTimeService(),
        context.metricGroup(),
        List.of());
  }

  @Override
  public StatefulSinkWriter<Document, Entry> restoreWriter(
      WriterInitContext context, Collection<Entry> restored) {
    return new SearchWriter(
        settings,
        backoff,
        context.getMailboxExecutor(),
        context.getProcessingTimeService(),
        context.metricGroup(),
        restored);
  }

  @Override
  public SimpleVersionedSerializer<Entry> getWriterStateSerializer() {
    return new EntrySerializer();
  }
}
