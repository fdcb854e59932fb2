package dev.atalaya.job.publish;

import dev.atalaya.connectors.Document;
import dev.atalaya.job.config.SinkConfig;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Prints each document as it passes and hands nothing on. */
public final class ConsolePrinter extends ProcessFunction<Document, Document> {

  private final SinkConfig.Console settings;

  private transient ConsoleRenderer renderer;

  public ConsolePrinter(SinkConfig.Console settings) {
    this.settings = settings;
  }

  @Override
  public void open(OpenContext context) {
    renderer = new ConsoleRenderer(settings.language(), settings.color());
  }

  @Override
  @SuppressWarnings("SystemOut") // standard output is what this sink is
  public void processElement(Document document, Context context, Collector<Document> out) {
    System.out.println(renderer.render(document));
  }
}
