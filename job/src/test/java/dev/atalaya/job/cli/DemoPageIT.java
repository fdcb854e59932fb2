package dev.atalaya.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atalaya.fixtures.browser.Browser;
import dev.atalaya.job.AtalayaJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import picocli.CommandLine;

/**
 * The page while the demo runs: it shows what was planted, and no more, as it comes. With {@code
 * -Datalaya.pictures=DIR} it also takes the pictures of the documentation.
 */
class DemoPageIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private final Browser browser = Browser.shared();

  @Test
  void pageShowsWhatWasPlantedAsItIsFound() throws IOException {
    try (Dashboard dashboard =
        Dashboard.start(DemoCommand.configIn(folder).sinks(), DashboardOptions.loopback(0))) {
      browser.fresh(dashboard.uri()).open(dashboard.uri());
      browser.see("h1", "Quiet so far");
      browser.script("window.stays = true");

      runDemo();

      for (String detector : List.of("floods", "scans", "silent-sensors")) {
        browser.script("location.hash = '#/detector/' + arguments[0]", detector);
        browser.see("h1", detector);
        seeBars(0, planted(detector, Planted.HEAVY_HITTER));
        seeBars(1, planted(detector, Planted.HEAVY_CHANGER));
      }
      for (Planted each : SampleStream.planted()) {
        browser.script("location.hash = arguments[0]", address(each));
        browser.see(".window h3." + word(each) + " ~ .table-box td.wide", each.key());
      }
      clickShowsTheFlood();
      assertThat(browser.script("return window.stays")).isEqualTo(true);
      assertThat(browser.refused()).isEmpty();
      assertThat(browser.log()).isEmpty();
      takePictures(dashboard);
    }
  }

  private void runDemo() {
    CommandLine commandLine =
        AtalayaCommand.create(new CommandContext(AtalayaJob::execute, Map.of(), true, false));
    int code =
        commandLine.execute(
            "demo", "--events", "30000", "--no-dashboard", "--keep", folder.toString());
    assertThat(code).isEqualTo(ExitCode.OK);
  }

  /** How many are planted in each window; null where none is. */
  private static List<Long> planted(String detector, String action) {
    Long[] counts = new Long[SampleStream.WINDOWS];
    SampleStream.planted().stream()
        .filter(each -> each.detector().equals(detector) && each.action().equals(action))
        .forEach(
            each ->
                counts[epoch(each)] = counts[epoch(each)] == null ? 1 : counts[epoch(each)] + 1);
    return Arrays.asList(counts);
  }

  private static int epoch(Planted each) {
    return (int)
        ((each.windowStartMillis() - SampleStream.START_MILLIS) / SampleStream.WINDOW_MILLIS);
  }

  private static String address(Planted each) {
    return "#/window/" + each.detector() + "/" + epoch(each);
  }

  private static String word(Planted each) {
    return each.action().equals(Planted.HEAVY_HITTER) ? "hitter" : "changer";
  }

  private void seeBars(int chart, List<Long> counts) {
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(
                        browser.script(
                            "return Chart.getChart(document.querySelectorAll('canvas')"
                                + "[arguments[0]]).data.datasets[0].data",
                            chart))
                    .isEqualTo(counts));
  }

  /** The first of what is planted is a destination that is flooded; its bytes are counted here. */
  private void clickShowsTheFlood() throws IOException {
    Planted flood =
        SampleStream.planted().stream()
            .filter(each -> each.action().equals(Planted.HEAVY_HITTER))
            .findFirst()
            .orElseThrow();
    browser.script("location.hash = '#/detector/' + arguments[0]", flood.detector());
    browser.see(".latest table.findings");
    @SuppressWarnings("unchecked")
    List<Number> place =
        (List<Number>)
            browser.script(
                "const b = Chart.getChart(document.querySelector('canvas')).getDatasetMeta(0)"
                    + ".data[arguments[0]]; return [Math.round(b.x), Math.round(b.y + 3)]",
                epoch(flood));
    browser.clickAt(
        browser.see(".canvas canvas"), place.get(0).intValue(), place.get(1).intValue());

    browser.see(".window h3.hitter ~ .table-box td.wide", flood.key());
    assertThat(browser.texts(".window h3.hitter ~ .table-box td.value"))
        .containsExactly(String.format(Locale.US, "%,d bytes", bytesTo(flood)));
    browser.press(Keys.ESCAPE);
    browser.see(".latest table.findings");
  }

  private long bytesTo(Planted flood) throws IOException {
    long bytes = 0;
    try (Stream<String> lines = Files.lines(folder.resolve("input").resolve("events.jsonl"))) {
      for (String line : (Iterable<String>) lines.filter(l -> l.endsWith("}"))::iterator) {
        JsonNode event = JSON.readTree(line);
        long since = event.path("ts").asLong() - flood.windowStartMillis();
        if (event.path("dst").asText().equals(flood.key())
            && since >= 0
            && since < SampleStream.WINDOW_MILLIS) {
          bytes += event.path("bytes").asLong();
        }
      }
    }
    return bytes;
  }

  private void takePictures(Dashboard dashboard) throws IOException {
    String pictures = System.getProperty("atalaya.pictures");
    if (pictures == null) {
      return;
    }
    Path to = Files.createDirectories(Path.of(pictures));
    record Picture(
        String name, String view, String ready, boolean dark, int width, String tongue) {}
    String finding =
        browser
            .script("return document.querySelector('.findings tbody tr:last-child a').hash")
            .toString();
    for (Picture each :
        List.of(
            new Picture("first-view", "#/detector/floods", ".latest .findings", false, 1200, "en"),
            new Picture("window", "#/window/scans/17", ".window .findings", true, 1200, "en"),
            new Picture("finding", finding, ".neighbours", false, 1200, "en"),
            new Picture("dead-letters", "#/dead-letters", ".reasons", false, 1200, "en"),
            new Picture("narrow", "#/window/floods/9", ".window .findings", true, 390, "es"))) {
      browser
          .language(each.tongue())
          .dark(each.dark())
          .size(each.width(), 700)
          .open(dashboard.uri().resolve(each.view()));
      browser.see(each.ready());
      // It names a folder of this run.
      browser.script("document.querySelector('footer').hidden = true");
      Files.write(to.resolve("dashboard-" + each.name() + ".png"), browser.picture());
    }
  }
}
