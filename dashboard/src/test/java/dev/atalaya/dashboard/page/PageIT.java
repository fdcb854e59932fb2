package dev.atalaya.dashboard.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.dashboard.Documents;
import dev.atalaya.dashboard.follow.Follower;
import dev.atalaya.dashboard.history.History;
import dev.atalaya.dashboard.server.DashboardServer;
import dev.atalaya.dashboard.server.ServerSettings;
import dev.atalaya.fixtures.NaughtyStrings;
import dev.atalaya.fixtures.browser.Browser;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page as a reader meets it, in a real browser. */
class PageIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  /** How many hitters or changers each bar stands for; null without a bar. */
  private static final String BARS =
      "return Chart.getChart(document.querySelectorAll('canvas')[arguments[0]])"
          + ".data.datasets[0].data";

  /** Keeps back what the server answers to addresses that contain a text, until `release()`. */
  private static final String HOLD_ANSWERS =
      "const real = window.fetch; window.held = 0; let open;"
          + "const gate = new Promise(done => open = done);"
          + "window.release = () => { window.fetch = real; open(); };"
          + "window.fetch = async (address, options) => {"
          + "  const response = await real(address, options);"
          + "  if (address.includes(arguments[0])) {"
          + "    const text = await response.text(); window.held++; await gate;"
          + "    return new Response(text, response); }"
          + "  return response; };";

  private Browser browser;
  private DashboardServer server;

  @BeforeEach
  void findBrowser() {
    browser = Browser.shared();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private URI serve(History history) throws IOException {
    return serve(history, List.of());
  }

  private URI serve(History history, List<Follower> followers) throws IOException {
    server = DashboardServer.start(history, followers, ServerSettings.loopback(0));
    browser.fresh(server.uri());
    return server.uri();
  }

  private void seeLive() {
    browser.see(".connection[data-state=live]", "Live");
  }

  private void seeHeld() {
    await().atMost(SOON).until(() -> !browser.script("return window.held").equals(0L));
  }

  @SuppressWarnings("unchecked")
  private List<Long> bars(int chart) {
    return (List<Long>) browser.script(BARS, chart);
  }

  private void seeBar(int chart, int index, Long value) {
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(bars(chart).get(index)).isEqualTo(value));
  }

  @Test
  void firstViewTellsHowTheJobDoesAndWhatWasFound() throws IOException {
    browser.open(serve(Traffic.quietBut()));

    browser.see(".state .received dd", "4,007");
    browser.see(".state .rate dd", "10/s");
    browser.see(".state .window dd", "10:06:40");
    browser.see(".state .late dd", "4");
    browser.see(".state .rejected dd", "2");
    browser.see(".cards [aria-current]", "floods");
    seeBar(0, 31, 1L);
    assertThat(bars(0)).hasSize(40);
    assertThat(IntStream.range(0, 40).filter(i -> bars(0).get(i) != null)).containsExactly(30, 31);
    assertThat(IntStream.range(0, 40).filter(i -> bars(1).get(i) != null)).containsExactly(31, 32);
    browser.see(".lane", "192.0.2.9");
    browser.see("table.findings tbody tr:first-child", "vanished");
    assertThat(browser.texts("table.findings tbody tr")).hasSize(4);
    assertThat(browser.refused()).isEmpty();
    assertThat(browser.log()).isEmpty();
  }

  @Test
  void clickOnABarShowsTheKeysOfItsWindow() throws IOException {
    browser.open(serve(Traffic.quietBut()));
    seeBar(0, 30, 1L);

    @SuppressWarnings("unchecked")
    Map<String, Number> place =
        (Map<String, Number>)
            browser.script(
                "const c = Chart.getChart(document.querySelector('canvas'));"
                    + "const bar = c.getDatasetMeta(0).data[30];"
                    + "return {x: Math.round(bar.x), y: Math.round(bar.y + 2)}");
    browser.clickAt(
        browser.see(".canvas canvas"), place.get("x").intValue(), place.get("y").intValue());

    browser.see(".window h2", "Window 10:05:00");
    assertThat(browser.address().getFragment()).isEqualTo("/window/floods/30");
    assertThat(browser.texts("table.findings tbody td"))
        .containsExactly(
            "1",
            "■heavy",
            "192.0.2.9",
            "3,000 bytes2,700 to 3,300",
            "30%",
            "–",
            "possible",
            "Details");
    browser.see(".window section", "Every key with 2,500 bytes or more was found.");
  }

  @Test
  void everythingCanBeReachedByTheKeyboard() throws IOException {
    browser.open(serve(Traffic.quietBut()));
    seeBar(0, 31, 1L);
    WebElement chart = browser.see("[role=slider]");

    browser.script("arguments[0].focus()", chart);
    browser.press(Keys.HOME);
    assertThat(chart.getDomAttribute("aria-valuenow")).isEqualTo("0");
    browser.press(Keys.PAGE_UP, Keys.ARROW_LEFT);
    assertThat(chart.getDomAttribute("aria-valuenow")).isEqualTo("9");
    browser.pressWithShift(Keys.ARROW_RIGHT);
    assertThat(chart.getDomAttribute("aria-valuenow")).isEqualTo("30");
    browser.press(Keys.END);
    browser.pressWithShift(Keys.ARROW_LEFT);
    browser.press(Keys.ARROW_LEFT);
    assertThat(chart.getDomAttribute("aria-valuetext"))
        .contains("10:05:10", "1 heavy key, 1 changed key, 100 events");
    browser.press(Keys.ENTER);

    browser.see(".window h2", "10:05:10");
    assertThat(browser.script("return document.activeElement.tagName")).isEqualTo("H2");
    browser.see("table.findings td.wide", "192.0.2.9");
    browser.press(Keys.ESCAPE);
    browser.see(".latest h2", "Latest findings");
    assertThat(browser.script("return document.activeElement.getAttribute('role')"))
        .isEqualTo("slider");
  }

  @Test
  void chartsAreTablesToo() throws IOException {
    browser.open(serve(Traffic.quietBut()));
    browser.see(".lane", "192.0.2.9");
    browser.see(".bar-of-tools .tools button:last-child").click();
    assertThat(browser.texts(".tables .scroll:first-child tbody tr")).hasSize(40);
    assertThat(browser.texts(".tables .scroll:first-child tbody tr:nth-child(9) td"))
        .containsExactly("1", "1", "100", "10,000 bytes");
    assertThat(browser.texts(".tables .scroll:last-child tbody td"))
        .containsExactly("0", "5,000", "3,000");
  }

  @Test
  void newWindowsComeWithoutAReload() throws IOException {
    History history = Traffic.quietBut();
    browser.open(serve(history));
    seeLive();
    seeBar(0, 31, 1L);
    browser.script("window.stays = true");

    Traffic.window(history, 40, Traffic.hitters(40, List.of("198.51.100.1", "198.51.100.2")));

    seeBar(0, 40, 2L);
    browser.see(".cards [aria-current] .counts", "4 heavy keys");
    browser.see("table.findings tbody tr", "198.51.100.2");
    assertThat(browser.script("return window.stays")).isEqualTo(true);
  }

  @Test
  void lostConnectionIsToldAndMadeAgain() throws IOException {
    History history = Traffic.quietBut();
    URI page = serve(history);
    browser.open(page);
    browser.see(".connection[data-state=live]", "Live");
    browser.script("window.stays = true");

    server.close();
    browser.see(".connection[data-state=lost]", "Connection lost, retrying");
    Traffic.window(history, 40, Traffic.hitters(40, List.of("198.51.100.1")));
    server = DashboardServer.start(history, List.of(), ServerSettings.loopback(page.getPort()));

    browser.see(".connection[data-state=live]", "Live");
    seeBar(0, 40, 1L);
    assertThat(browser.script("return window.stays")).isEqualTo(true);
  }

  @Test
  void twentyWindowsASecondAreAllShown() throws IOException, InterruptedException {
    History history = Traffic.history();
    Traffic.window(history, 0, List.of());
    browser.open(serve(history));
    seeLive();
    for (int window = 1; window < 60; window++) {
      Traffic.window(
          history, window, Traffic.hitters(window, Collections.nCopies(window % 3, "k")));
      Thread.sleep(50); // the pace of the windows, not a wait for the page
    }
    seeBar(0, 59, 2L);
    assertThat(bars(0))
        .isEqualTo(
            IntStream.range(0, 60).mapToObj(i -> i % 3 == 0 ? null : (Long) (i % 3L)).toList());
    browser.see(".readout");
    assertThat(browser.see("[role=slider]").getDomAttribute("aria-valuemax")).isEqualTo("59");
  }

  @Test
  void addressOfAnOldWindowShowsWhatIsAroundIt() throws IOException {
    History history = Traffic.history();
    for (int window = 0; window < 150; window++) {
      Traffic.window(history, window, Traffic.hitters(window, List.of("k")));
    }
    browser.open(serve(history).resolve("#/window/" + Traffic.DETECTOR + "/3"));
    seeBar(0, 3, 1L);
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(bars(0)).hasSizeGreaterThan(60).doesNotContainNull());
  }

  @Test
  void windowsOfADetectorThatIsAskedForAreNotLost() throws IOException {
    History history = Traffic.history();
    browser.open(serve(history));
    seeLive();
    browser.see("h1", "Quiet so far");
    browser.script(HOLD_ANSWERS, "api/v1/detectors");
    Traffic.window(history, 0, List.of());
    seeHeld();
    Traffic.window(history, 1, Traffic.hitters(1, List.of("192.0.2.1")));
    awaitStatusOf("10:00:20");
    browser.script("window.release()");
    seeBar(0, 1, 1L);
  }

  @Test
  void answersDoNotReplaceWhatWasToldMeanwhile() throws IOException {
    History history = Traffic.history();
    for (int window = 0; window < 400; window++) {
      Traffic.window(history, window, List.of());
    }
    browser.open(serve(history));
    seeLive();
    await().atMost(SOON).ignoreExceptions().until(() -> !bars(0).isEmpty());
    browser.script(HOLD_ANSWERS, "api/v1/windows?");
    browser.script("arguments[0].focus()", browser.see("[role=slider]"));
    browser.press(Keys.HOME);
    seeHeld();
    Traffic.window(history, 5, Traffic.hitters(5, List.of("192.0.2.1")));
    Traffic.window(history, 400, List.of());
    awaitStatusOf("11:06:50");
    browser.script("window.release()");
    seeBar(0, 5, 1L);
    browser.press(Keys.HOME, Keys.ARROW_RIGHT);
    browser.see(".readout", "10:00:10");
    assertThat(bars(0).get(5)).isEqualTo(1L);
  }

  /** Events come in order: what was told before has been taken then. */
  private void awaitStatusOf(String newestWindowEnd) {
    await()
        .atMost(SOON)
        .until(
            () ->
                String.valueOf(
                        browser.script(
                            "return (await import('/page/js/store.js')).store.status"
                                + ".newestWindowEnd"))
                    .contains(newestWindowEnd));
  }

  @Test
  void detectorWhoseEpochsMeanOtherWindowsIsLoadedAnew() throws IOException {
    History history = Traffic.quietBut();
    browser.open(serve(history));
    seeLive();
    seeBar(0, 31, 1L);
    Traffic.window(history, -2, Traffic.hitters(-2, List.of("192.0.2.1")));
    seeBar(0, 33, 1L);
    seeBar(0, 0, 1L);
    assertThat(bars(0)).hasSize(42);
    assertThat(IntStream.range(0, 42).filter(i -> bars(0).get(i) != null))
        .containsExactly(0, 32, 33);
    browser.see(".cards [aria-current] .counts", "3 heavy keys");
  }

  @Test
  void windowThatDidNotChangeIsNotAskedForAgain() throws IOException {
    History history = Traffic.quietBut();
    browser.open(serve(history).resolve("#/window/floods/31"));
    seeLive();
    browser.see(".window table.findings");
    browser.script(
        "const real = fetch; window.asked = []; window.fetch = (address, options) => {"
            + "window.asked.push(address); return real(address, options); };");
    Traffic.window(history, 40, Traffic.hitters(40, List.of("192.0.2.1")));
    browser.see(".cards [aria-current] .counts", "3 heavy keys");
    Traffic.window(history, 31, Traffic.hitters(31, List.of("192.0.2.77")));
    browser.see(".window table.findings", "192.0.2.77");
    assertThat((List<?>) browser.script("return window.asked.filter(a => a.endsWith('/31'))"))
        .hasSizeBetween(1, 2);
  }

  @Test
  void sinkThatIsReadForTheFirstTimeIsNoFailure() throws IOException {
    Follower first = still(new Follower.State("kafka", "a:9092", false, null, null));
    Follower ill = still(new Follower.State("kafka", "b:9092", false, "no broker answers", null));
    browser.open(serve(Traffic.quietBut(), List.of(first, ill)));
    browser.see(".reading", "Reading kafka a:9092 …");
    assertThat(browser.texts(".troubles p"))
        .containsExactly("kafka b:9092 cannot be read: no broker answers");
  }

  private static Follower still(Follower.State state) {
    return new Follower() {
      @Override
      public void start() {}

      @Override
      public State state() {
        return state;
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void findingsOfALongKeyCanBeSearchedFor() throws IOException {
    History history = Traffic.history();
    String key = "\u9375".repeat(5_000);
    Traffic.window(history, 0, Traffic.hitters(0, List.of(key)));
    String id = history.alerts("floods", 0).get(0).at("/event/id").textValue();
    browser.open(serve(history).resolve("#/alert/" + id));
    browser.see(".neighbours + p a").click();
    browser.see(".alerts header", "1 finding");
    browser.see("table.findings tbody tr");
  }

  @Test
  void speaksTheReadersLanguageOrTheChosenOne() throws IOException {
    URI page = serve(Traffic.quietBut());
    browser.language("es-ES").open(page.resolve("#/window/floods/31"));
    browser.see(".window h3", "Claves pesadas");
    browser.see("table.findings", "5000 bytes");
    browser.see(".window .facts", "10.000 bytes");
    browser.see("table.findings", "50 %");
    assertThat(browser.script("return document.documentElement.lang")).isEqualTo("es");
    assertThat(browser.title()).isEqualTo("floods · Atalaya");

    browser.script(
        "const s = document.querySelector('[name=language]'); s.value = 'en';"
            + "s.dispatchEvent(new Event('change'))");
    browser.see(".window h3", "Heavy keys");
    assertThat(browser.script("return document.documentElement.lang")).isEqualTo("en");
    browser.open(page);
    browser.see(".latest h2", "Latest findings");

    browser.fresh(page).language("de-DE").open(page);
    browser.see(".latest h2", "Latest findings");
  }

  @Test
  void bothLanguagesHaveTheSameTextsWithTheSamePlaces() throws IOException {
    browser.open(serve(Traffic.quietBut()));
    browser.see(".latest h2");
    assertThat(
            browser.script(
                "const [en, es] = (await Promise.all(['en', 'es'].map("
                    + "l => import(`/page/js/texts-${l}.js`)))).map(m => m.default);"
                    + "const places = t => [...JSON.stringify(t ?? '').matchAll(/\\{\\w+\\}/g)]"
                    + ".map(String).sort().join();"
                    + "return [...new Set([...Object.keys(en), ...Object.keys(es)])]"
                    + ".filter(k => !(k in en && k in es) || places(en[k]) !== places(es[k]));"))
        .isEqualTo(List.of());
  }

  @Test
  void hostileKeysAreTextAndNothingElse() throws IOException {
    List<String> keys = new ArrayList<>();
    keys.add("<script>window.pwned=1</script>");
    keys.add("\"><img src=x onerror=window.pwned=1>");
    keys.add("javascript:window.pwned=1");
    keys.add("https://evil.example/");
    keys.add("cod\u202egnp.exe");
    keys.add("a\u0000b\u001b[31m\u200bc\u00a0d");
    keys.add("Z\u0351\u036b\u0343\u036a\u0302a");
    keys.add("x".repeat(5_000));
    keys.add("</td></tr></table><h1>big</h1>");
    keys.add("{key} {{7*7}} ${7*7}");
    for (byte[] naughty : NaughtyStrings.all()) {
      String key = new String(naughty, UTF_8);
      if (keys.size() < 100 && !keys.contains(key)) {
        keys.add(key);
      }
    }
    assertThat(keys).hasSize(100);
    History history = Traffic.history();
    Traffic.window(history, 0, List.of());
    Traffic.window(history, 1, Traffic.hitters(1, keys));
    URI page = serve(history);

    browser.open(page.resolve("#/window/floods/1"));
    browser.see("table.findings tbody tr:nth-child(100)");
    assertShownAs(browser.texts("table.findings td.wide"), keys);
    harmless();
    browser.open(page);
    browser.see(".lane", "<script>window.pwned=1</script>");
    browser.see("table.findings", "cod⟨U+202E⟩gnp.exe");
    harmless();
    browser.open(page.resolve("#/alerts?key=%3Cscript"));
    browser.see("table.findings", "<script>window.pwned=1</script>");
    harmless();
    browser.see("table.findings tbody a").click();
    browser.see("h1", "<script>window.pwned=1</script> has 5,000 bytes");
    harmless();
  }

  private void assertShownAs(List<String> shown, List<String> keys) {
    assertThat(shown).hasSize(keys.size());
    assertThat(shown.get(4)).isEqualTo("cod⟨U+202E⟩gnp.exe");
    assertThat(shown.get(5)).isEqualTo("a⟨U+0000⟩b⟨U+001B⟩[31m⟨U+200B⟩c⟨U+00A0⟩d");
    assertThat(shown.get(6)).startsWith("Z\u0351\u036b⟨U+0343⟩");
    assertThat(shown.get(7)).isEqualTo("x".repeat(23) + "⋯" + "x".repeat(23));
    assertThat(shown)
        .allSatisfy(text -> assertThat(text).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Co}]"));
  }

  /** No script ran, nothing was refused or logged, no link leads away, nothing came by markup. */
  private void harmless() {
    assertThat(browser.script("return window.pwned ?? null")).isNull();
    assertThat(browser.refused()).isEmpty();
    assertThat(browser.log()).isEmpty();
    assertThat(
            browser.script(
                "return [...document.querySelectorAll('a')].map(a => a.getAttribute('href'))"
                    + ".filter(h => !h.startsWith('#/') && h !== 'api/v1/openapi.yaml'"
                    + " && h !== 'metrics')"))
        .isEqualTo(List.of());
    assertThat(
            browser.script(
                "return document.querySelectorAll('main :is(script, img, iframe, object, style)')"
                    + ".length + document.querySelectorAll('[style*=url]').length"))
        .isEqualTo(0L);
  }

  @ParameterizedTest
  @CsvSource({"false, 1280", "true, 1280", "false, 360"})
  void noReaderIsShutOut(boolean dark, int width) throws IOException {
    History history = Traffic.quietBut();
    URI page = serve(history);
    browser.dark(dark).size(width, 800);
    for (Map.Entry<String, String> view : views(history).entrySet()) {
      browser.open(page.resolve(view.getKey()));
      browser.see(view.getValue());
      assertThat(browser.barriers()).as(view.getKey()).isEmpty();
      assertThat(browser.script("return document.documentElement.scrollWidth"))
          .as("%s is no wider than the window", view.getKey())
          .isEqualTo((long) width);
      assertThat(browser.refused()).isEmpty();
    }
  }

  @Test
  void noReaderIsShutOutOfAnyKind() throws IOException {
    History history = Traffic.everyKind();
    URI page = serve(history);
    browser.size(360, 800);
    List<String> views = new ArrayList<>(List.of("#/", "#/window/floods/1", "#/window/floods/3"));
    history.alerts("floods", 1).forEach(alert -> views.add("#/alert/" + Documents.id(alert)));
    for (String view : views) {
      browser.open(page.resolve(view));
      browser.see(view.startsWith("#/alert/") ? ".neighbours" : "table.findings");
      assertThat(browser.barriers()).as(view).isEmpty();
      assertThat(browser.script("return document.documentElement.scrollWidth"))
          .as(view)
          .isEqualTo(360L);
    }
  }

  /** Every view, and what is there when it is. */
  private static Map<String, String> views(History history) {
    Map<String, String> views = new LinkedHashMap<>();
    views.put("#/", ".latest table.findings");
    views.put("#/window/floods/31", ".window table.findings");
    views.put("#/window/floods/5", ".window .notice");
    String alert = history.alerts("floods", 31).get(0).at("/event/id").textValue();
    views.put("#/alert/" + alert, ".neighbours");
    views.put("#/alerts", "table.findings");
    views.put("#/alerts?key=nothing", ".notice");
    views.put("#/dead-letters", ".reasons");
    views.put("#/alert/none", ".notice");
    views.put("#/detector/none", ".notice");
    return views;
  }

  @Test
  void findingsAreFilteredAndTheFilterIsTheAddress() throws IOException {
    URI page = serve(Traffic.quietBut());
    browser.open(page.resolve("#/alerts?kind=heavy_changer"));
    browser.see(".alerts header", "2 findings");
    browser.script(
        "const s = document.querySelector('[name=kind]'); s.value = '';"
            + "s.dispatchEvent(new Event('change'))");
    browser.see(".alerts header", "4 findings");
    browser.see("[name=key]").sendKeys("192.0.2.1");
    browser.see(".alerts header", "0 findings");
    assertThat(browser.address().getFragment()).isEqualTo("/alerts?key=192.0.2.1");
    browser.see(".filter a.button").click();
    browser.see(".alerts header", "4 findings");
    browser.see("table.findings tbody tr:first-child a").click();
    browser.see("h1", "192.0.2.9 vanished; it had 5,000 bytes.");
    assertThat(browser.texts(".neighbours li .finding"))
        .containsExactly("▼vanished", "▲grew", "■heavy", "■heavy");
    browser.back();
    browser.see(".alerts header", "4 findings");
  }

  @Test
  void everyKindOfFindingIsShown() throws IOException {
    URI page = serve(Traffic.everyKind());
    browser.open(page);
    browser.see(".readout");
    seeBar(2, 1, 2L);
    assertThat(bars(2).get(3)).as("an end is no finding").isNull();
    assertThat(
            browser.script(
                "return [...document.querySelectorAll('.plot > div:has(canvas)')]"
                    + ".map(one => one.hidden)"))
        .isEqualTo(List.of(false, true, false));
    browser.script("arguments[0].focus()", browser.see("[role=slider]"));
    browser.press(Keys.HOME, Keys.ARROW_RIGHT);
    assertThat(browser.see("[role=slider]").getDomAttribute("aria-valuetext"))
        .endsWith("1 heavy key, 0 changed keys, 1 key that met many, 1 unusual total, 100 events");

    browser.open(page.resolve("#/window/floods/1"));
    browser.see(".window .facts", "10,000 bytes, usual is 3,000 to 5,000");
    browser.see(".window .facts", "2 findings on a list");
    assertThat(browser.texts(".window h3"))
        .containsExactly("■Heavy keys 1", "✱Keys that met many 1", "◆The window as a whole 1");
    assertThat(browser.texts(".window section:nth-of-type(2) tbody td").subList(1, 4))
        .containsExactly("✱met many", "192.0.2.7", "182 different dport");
    harmless();
    browser.open(page.resolve("#/alerts?kind=recovered"));
    browser.see(".alerts header", "1 finding");
    browser.see("table.findings tbody a").click();
    browser.see("h1", "203.0.113.0/24 is as usual again after 2 windows; the peak was 9,500 bytes");
    assertThat(browser.texts(".neighbours li .finding")).containsExactly("✓usual again", "■heavy");
    harmless();
  }

  @Test
  void findingTellsWhatItIsMadeOfAndItsEpisode() throws IOException {
    History history = Traffic.everyKind();
    String id =
        history.alerts("floods", 1).stream()
            .map(Documents::id)
            .filter(each -> each.contains("heavy_hitter"))
            .findFirst()
            .orElseThrow();
    URI page = serve(history);
    browser.open(page.resolve("#/alert/" + id));
    browser.see("h1", "203.0.113.0/24 has 9,000 bytes, 90% of the window");
    browser.see(".parts", "1,200 different src");
    assertThat(browser.texts(".parts tbody tr"))
        .containsExactly(
            "distinct src1,200 different src1,100 to 1,3001,000",
            "sport536,000 bytes66.7%",
            "sport<b>123</b>2,000 bytes1,900 to 2,10022.2%",
            "sportall others1,000 bytes");
    browser.see(".facts", "9,500 bytes");
    browser.see("h1").isDisplayed();
    assertThat(browser.texts("section .facts.long").get(0)).contains("begins", "2 windows");
    harmless();
    browser.language("es-ES").open(page.resolve("#/alert/total-1"));
    browser.see("h1", "El total subió a 10.000 bytes; lo habitual es de 3000 a 5000 bytes.");
    browser.see(".facts", "la misma hora de ayer");
    harmless();
  }

  @Test
  void deadLettersAreShownByReasonWithTheirBytes() throws IOException {
    browser.open(serve(Traffic.quietBut()).resolve("#/dead-letters"));
    browser.see(".reasons", "not well-formed JSON");
    assertThat(browser.texts(".reasons tbody tr")).hasSize(2);
    browser.see(".letters summary").click();
    browser.see(".letters pre", "{\"a\":\\xe2\\x124");
  }

  @Test
  void deadLettersOfStrangersAreShownToo() throws IOException {
    History history = Traffic.history();
    ObjectNode letter = Documents.deadLetter("dead_letter-1", "cod\u202egnp");
    letter.remove("Atalaya");
    history.add(letter);
    browser.open(serve(history).resolve("#/dead-letters"));
    browser.see(".letters summary", "cod⟨U+202E⟩gnp");
    assertThat(browser.texts(".filter-reason option"))
        .containsExactly("All reasons", "cod⟨U+202E⟩gnp");
    browser.script(
        "const s = document.querySelector('.filter-reason select'); s.selectedIndex = 1;"
            + "s.dispatchEvent(new Event('change'))");
    browser.see(".letters summary");
    browser.see(".dead-letters h2", "The latest: cod⟨U+202E⟩gnp");
  }

  @Test
  void emptyHistoryIsToldAndFillsItself() throws IOException {
    History history = Traffic.history();
    browser.open(serve(history));
    browser.see("h1", "Quiet so far");
    Traffic.window(history, 0, List.of());
    Traffic.window(history, 1, Traffic.hitters(1, List.of("192.0.2.1")));
    seeBar(0, 1, 1L);
    browser.see("table.findings", "192.0.2.1");
  }

  @Test
  void numbersBeyondADoubleAreShownAsTheyAre() throws IOException {
    History history = Traffic.history();
    ObjectNode alert = Traffic.hitter(0, "k", 1, 9_223_372_036_854_775_807L, 0);
    alert.withObjectProperty("Atalaya").put("ratio", 1e20);
    Traffic.window(history, 0, List.of(alert));
    browser.open(serve(history).resolve("#/window/floods/0"));
    browser.see("table.findings", "9,223,372,036,854,775,807 bytes");
  }

  @Test
  void longHistoryIsLightAndManyAlertsComePieceByPiece() throws IOException {
    History history = Traffic.history();
    for (int window = 0; window < 10_000; window++) {
      Traffic.window(history, window, List.of());
    }
    List<String> keys = IntStream.range(0, 1_000).mapToObj(i -> "192.0.2." + i).toList();
    Traffic.window(history, 9_999, Traffic.hitters(9_999, keys));
    URI page = serve(history);

    browser.open(page);
    Map<?, ?> cost =
        (Map<?, ?>)
            browser.script(
                "const isDrawn = () => document.querySelector('.latest table.findings')"
                    + "  && Chart.getChart(document.querySelector('canvas'))"
                    + "    ?.data.datasets[0].data.at(-1) === 1000;"
                    + "const frame = () => new Promise(requestAnimationFrame);"
                    + "while (!isDrawn()) { await frame(); }"
                    + "await frame();"
                    + "const drawnMillis = Math.round(performance.now());"
                    + "const [paint] = performance.getEntriesByName('first-contentful-paint');"
                    + "return {bytes: performance.getEntries()"
                    + "  .reduce((sum, e) => sum + (e.transferSize ?? 0), 0),"
                    + "  firstPaintMillis: Math.round(paint?.startTime ?? -1), drawnMillis}");
    browser.see(".latest table.findings");
    System.out.println("First view of 10,000 windows: " + cost);
    assertThat(((Number) cost.get("bytes")).longValue()).isLessThan(300_000);

    browser.open(page.resolve("#/window/floods/9999"));
    browser.see("table.findings tbody tr:nth-child(100)");
    assertThat(browser.script("return document.querySelectorAll('table.findings tr').length"))
        .isEqualTo(101L);
    browser.script("document.querySelector('.more').scrollIntoView()");
    browser.see("table.findings tbody tr:nth-child(200)");

    browser.open(page);
    browser.script("arguments[0].focus()", browser.see("[role=slider]"));
    browser.press(Keys.HOME);
    browser.see(".readout", "10:00:00");
  }
}
