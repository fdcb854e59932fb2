package dev.atalaya.job.publish;

import dev.atalaya.connectors.Document;
import dev.atalaya.job.config.SinkConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Prints each document as it passes and hands nothing on. Of the accounts it prints the last one,
 * at the end; of the dead letters the first few of each reason.
 */
public final class ConsolePrinter extends ProcessFunction<Document, Document> {

  private static final int DEAD_LETTERS_OF_A_REASON = 3;

  private final SinkConfig.Console settings;
  private final boolean needed;

  private transient ConsoleRenderer renderer;
  private transient Map<String, String> lastAccounts;
  private transient Map<String, Integer> deadLetters;

  /**
   * @param needed whether the job is to end when nobody reads what is printed
   */
  public ConsolePrinter(SinkConfig.Console settings, boolean needed) {
    this.settings = settings;
    this.needed = needed;
  }

  @Override
  public void open(OpenContext context) {
    renderer = new ConsoleRenderer(settings.language(), settings.color());
    lastAccounts = new TreeMap<>();
    deadLetters = new HashMap<>();
  }

  @Override
  public void processElement(Document document, Context context, Collector<Document> out)
      throws OutputClosedException {
    ConsoleRenderer.Line line = renderer.render(document);
    switch (line.kind()) {
      case ACCOUNT -> lastAccounts.put(line.subject(), line.text());
      case DEAD_LETTER -> {
        int before = deadLetters.merge(line.subject(), 1, Integer::sum) - 1;
        if (before < DEAD_LETTERS_OF_A_REASON) {
          print(line.text());
        } else if (before == DEAD_LETTERS_OF_A_REASON) {
          print(renderer.moreDeadLetters(line.subject()));
        }
      }
      case ALERT, WINDOW -> print(line.text());
    }
    if (needed && isClosed()) {
      throw new OutputClosedException();
    }
  }

  @Override
  public void close() {
    if (lastAccounts != null) {
      lastAccounts.values().forEach(ConsolePrinter::print);
    }
  }

  @SuppressWarnings("SystemOut") // as below
  private static boolean isClosed() {
    return System.out.checkError();
  }

  @SuppressWarnings("SystemOut") // standard output is what this sink is
  private static void print(String line) {
    System.out.println(line);
  }
}
