package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.fixtures.SearchStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shipped job on a real capture, to files and to a real store at once: both must have the same
 * documents.
 */
class SearchTruthIT {

  private static final Logger LOG = LoggerFactory.getLogger(SearchTruthIT.class);

  private static final int MEMORY = 64 << 10;

  /** Between the records of the capture, which has none of them. */
  private static final List<String> DEAD =
      List.of(
          "ts,src,dst,sport,dport,proto,bytes,packets,flags,label",
          "no time,192.0.2.1,192.0.2.2,1,2,17,76,1,0,background",
          "1600000000000,192.0.2.1",
          "1600000000000,192.0.2.1,192.0.2.2,1,2,17,-1,1,0,\"caf\u00e9 \u2603 \u0001\"");

  @TempDir Path work;

  static Stream<Arguments> stores() {
    return Stream.of(
        store("elasticsearch", SearchStore::elasticsearch),
        store("opensearch", SearchStore::opensearch));
  }

  private static Arguments store(String system, Supplier<SearchStore> start) {
    return Arguments.of(Named.of(system, system), start);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stores")
  void theStoreHasTheDocumentsOfTheFiles(String system, Supplier<SearchStore> start)
      throws Exception {
    Path in = Files.createDirectory(work.resolve("in"));
    Path capture = DataSet.MIX_DEV.eventFile();
    Files.copy(capture, in.resolve(capture.getFileName()));
    Files.write(in.resolve("dead.csv"), DEAD);
    Path out = work.resolve("out");
    try (SearchStore store = start.get()) {
      String sinks =
          "files: { path: \"" + out + "\" } }, { " + system + ": { url: \"" + store.url() + "\" }";
      String yaml = DataSet.MIX_DEV.yaml(in, sinks, question -> MEMORY, 2);
      StoredDocuments.setUp(yaml);
      TestRuns.run(yaml);

      assertSame(store, StoredDocuments.ALERTS, out.resolve("alerts"));
      assertSame(store, StoredDocuments.REPORTS, out.resolve("reports"));
      assertSame(store, StoredDocuments.DEAD_LETTERS, out.resolve("dead-letters"));
      assertThat(store.count(StoredDocuments.DEAD_LETTERS)).isEqualTo(DEAD.size() - 1);
    }
  }

  private static void assertSame(SearchStore store, String alias, Path files) throws IOException {
    List<String> expected = OutputFiles.lines(files);
    List<String> stored = StoredDocuments.lines(store, alias);
    assertThat(stored).isNotEmpty();
    OutputFiles.of(expected);
    OutputFiles.of(stored);
    Accounts.assertSame(stored, StoredDocuments.canonical(expected));
    LOG.info("{}: {} documents", alias, stored.size());
  }
}
