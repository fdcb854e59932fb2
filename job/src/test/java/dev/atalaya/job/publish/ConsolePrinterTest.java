package dev.atalaya.job.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atalaya.connectors.Document;
import dev.atalaya.job.config.SinkConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.functions.DefaultOpenContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsolePrinterTest {

  private static final SinkConfig.Console ENGLISH = new SinkConfig.Console("en", false);

  private final PrintStream standardOutput = System.out;

  @AfterEach
  void giveBackStandardOutput() {
    System.setOut(standardOutput);
  }

  @Test
  void whatNobodyReadsEndsTheJobThatHasNothingElse() throws Exception {
    System.setOut(new PrintStream(new ClosedPipe(), true, StandardCharsets.UTF_8));
    assertThatThrownBy(() -> print(true, "short"))
        .isInstanceOf(OutputClosedException.class)
        .hasMessage("standard output is closed");
    print(false, "short");
  }

  @Test
  void ofADetailTwoHundredCharactersAreShown() throws Exception {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    System.setOut(new PrintStream(shown, true, StandardCharsets.UTF_8));
    print(true, "x".repeat(200));
    print(true, "x".repeat(201));
    assertThat(shown.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "✗ rejected (syntax) file:/a@0: " + "x".repeat(200),
            "✗ rejected (syntax) file:/a@0: " + "x".repeat(200) + "...");
  }

  private static void print(boolean needed, String detail) throws Exception {
    ConsolePrinter printer = new ConsolePrinter(ENGLISH, needed);
    printer.open(DefaultOpenContext.INSTANCE);
    String json =
        """
        {"event": {"action": "dead_letter"},
         "Atalaya": {"reason": "syntax", "detail": "%s", "origin": "file:/a@0"}}
        """
            .formatted(detail);
    printer.processElement(
        new Document(Document.Kind.DEAD_LETTER, "id", "syntax", 0, json), null, null);
  }

  private static final class ClosedPipe extends OutputStream {

    @Override
    public void write(int b) throws IOException {
      throw new IOException("Broken pipe");
    }
  }
}
