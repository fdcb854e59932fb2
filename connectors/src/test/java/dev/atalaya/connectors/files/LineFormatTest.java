package dev.atalaya.connectors.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atalaya.connectors.Decoder;
import dev.atalaya.connectors.LineDecoder;
import dev.atalaya.connectors.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.apache.flink.connector.file.src.util.RecordAndPosition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineFormatTest {

  @TempDir Path folder;

  @Test
  void goesOnAfterAnyRecordOfAPlainFile() throws IOException {
    Path file =
        write("a.csv", "h1,h2\n1,a\r\n\n0123456789012345\n2,\"b\nc\"\n\"open\n3,d".getBytes(UTF_8));
    assertGoesOnAfterAnyRecord(
        file,
        new LineDecoder(),
        "h1,h2",
        "1,a",
        "",
        "oversize(16):012345678901",
        "2,\"b\nc\"",
        "quote(5):\"open",
        "3,d");
  }

  @Test
  void goesOnAfterAnyRecordOfAGzipFile() throws IOException {
    byte[] whole = LineCutterTest.gzip("a\nbb\n0123456789012345\nccc\n");
    assertGoesOnAfterAnyRecord(
        write("a.gz", whole), new LineDecoder(), "a", "bb", "oversize(16):012345678901", "ccc");
    assertGoesOnAfterAnyRecord(
        write("b.gz", Arrays.copyOf(whole, whole.length - 3)),
        new LineDecoder(),
        "a",
        "bb",
        "oversize(16):012345678901",
        "ccc",
        "compression(0):");
    assertGoesOnAfterAnyRecord(
        write("c.gz", "no gzip".getBytes(UTF_8)), new LineDecoder(), "compression(0):");
  }

  @Test
  void goesOnInTheMiddleOfALineThatGivesSeveralRecords() throws IOException {
    Path file = write("a.txt", "header\nabc\nd\n".getBytes(UTF_8));
    assertGoesOnAfterAnyRecord(file, new LetterDecoder(), "a", "b", "c", "d");
  }

  @Test
  void refusesSeveralRecordsOfADecoderThatDeniesThem() throws IOException {
    Decoder<String> denies =
        new LetterDecoder() {
          @Override
          public boolean emitsSeveral() {
            return false;
          }
        };
    BulkFormat.Reader<String> reader =
        format(denies)
            .createReader(new Configuration(), split(write("a", "h\nab\n".getBytes(UTF_8))));
    BulkFormat.RecordIterator<String> records = reader.readBatch();
    assertThatThrownBy(records::next)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("emitsSeveral()");
  }

  @Test
  void givesEveryLineTheHeaderOfItsFileAlsoAfterARestore() throws IOException {
    byte[] text = "id,n\n1,a\n2,b\n".getBytes(UTF_8);
    for (Path file :
        List.of(write("a.csv", text), write("a.csv.gz", LineCutterTest.gzip("id,n\n1,a\n2,b\n")))) {
      HeaderDecoder whole = new HeaderDecoder();
      List<Position> positions = positions(read(format(whole), split(file)));
      assertThat(whole.seen).containsExactly("id,n true", "id,n false", "id,n false");
      assertThat(whole.arrays).hasSize(1);

      HeaderDecoder rest = new HeaderDecoder();
      assertThat(values(read(format(rest), split(file, positions.get(1))))).containsExactly("2,b");
      assertThat(rest.seen).containsExactly("id,n false");
    }
  }

  @Test
  void namesEachLineByItsOffset() throws IOException {
    Path file = write("a b%20#.txt", "a\nbb\n".getBytes(UTF_8));
    Decoder<String> origins =
        new LineDecoderBase() {
          @Override
          public void decode(Payload payload, RecordOutput<String> out) {
            out.emit(payload.origin.describe());
          }
        };
    assertThat(values(read(format(origins), split(file))))
        .containsExactly("file:" + file + "@0", "file:" + file + "@2");
  }

  @Test
  void handsOnTheCommentsAtTheBeginningAsTheHeader() throws IOException {
    Path file = write("a.log", "#a\n#b\r\nc\n#d\n".getBytes(UTF_8));
    Decoder<String> headers =
        new LineDecoderBase() {
          @Override
          public void decode(Payload payload, RecordOutput<String> out) {
            out.emit(payload.isFileHeader + " " + new String(payload.fileHeader, UTF_8));
          }
        };
    String header = " #a\n#b";
    assertThat(values(read(format(headers), split(file))))
        .containsExactly("true" + header, "false" + header, "false" + header, "false" + header);
    assertThat(values(read(format(headers), split(file, new Position(9, 0)))))
        .containsExactly("false" + header);
    Path plain = write("b.log", "a\n#b\n".getBytes(UTF_8));
    assertThat(values(read(format(headers), split(plain)))).containsExactly("true a", "false a");
  }

  @Test
  void endsQuietlyWhenTheFileIsGoneOrShorter() throws IOException {
    Path file = write("a.txt", "a\nb\nc\n".getBytes(UTF_8));
    FileSourceSplit afterB = split(file, new Position(4, 0));
    Files.write(file, "a\n".getBytes(UTF_8));
    assertThat(read(format(new LineDecoder()), afterB)).isEmpty();
    Files.delete(file);
    assertThat(read(format(new LineDecoder()), afterB)).isEmpty();
    Path gzip = write("a.gz", LineCutterTest.gzip("a\n"));
    assertThat(read(format(new LineDecoder()), split(gzip, new Position(4, 0)))).isEmpty();
  }

  @Test
  void doesNotFollowALinkThatReplacedTheFile() throws IOException {
    Path outside = Files.createTempFile("outside", ".txt");
    Path file = write("a.txt", "a\n".getBytes(UTF_8));
    FileSourceSplit split = split(file);
    Files.delete(file);
    Files.createSymbolicLink(file, outside);
    Files.writeString(outside, "secret\n");
    assertThat(read(format(new LineDecoder()), split)).isEmpty();
    Files.delete(outside);
  }

  private void assertGoesOnAfterAnyRecord(Path file, Decoder<String> decoder, String... expected)
      throws IOException {
    List<RecordAndPosition<String>> all = read(format(decoder), split(file));
    assertThat(values(all)).containsExactly(expected);
    for (int done = 1; done <= expected.length; done++) {
      Position position = positions(all).get(done - 1);
      List<String> rest = values(read(format(fresh(decoder)), split(file, position)));
      assertThat(rest)
          .as("after record %s at %s", done, position)
          .containsExactly(Arrays.copyOfRange(expected, done, expected.length));
    }
  }

  private static Decoder<String> fresh(Decoder<String> decoder) {
    return decoder instanceof LineDecoder ? new LineDecoder() : new LetterDecoder();
  }

  private BulkFormat<String, FileSourceSplit> format(Decoder<String> decoder) {
    FileSourceSettings settings = new FileSourceSettings(folder.toString(), 0, 12, true);
    return new LineFormat<>(
        settings, new InputFiles(InputFiles.absolute(folder.toString())), decoder);
  }

  private static List<RecordAndPosition<String>> read(
      BulkFormat<String, FileSourceSplit> format, FileSourceSplit split) throws IOException {
    List<RecordAndPosition<String>> all = new ArrayList<>();
    try (BulkFormat.Reader<String> reader =
        split.getReaderPosition().isPresent()
            ? format.restoreReader(new Configuration(), split)
            : format.createReader(new Configuration(), split)) {
      for (var batch = reader.readBatch(); batch != null; batch = reader.readBatch()) {
        for (var next = batch.next(); next != null; next = batch.next()) {
          all.add(
              new RecordAndPosition<>(
                  next.getRecord(), next.getOffset(), next.getRecordSkipCount()));
        }
        batch.releaseBatch();
      }
    }
    return all;
  }

  private record Position(long offset, long records) {}

  private static List<Position> positions(List<RecordAndPosition<String>> all) {
    return all.stream().map(at -> new Position(at.getOffset(), at.getRecordSkipCount())).toList();
  }

  private static List<String> values(List<RecordAndPosition<String>> all) {
    return all.stream().map(RecordAndPosition::getRecord).toList();
  }

  private static FileSourceSplit split(Path file) throws IOException {
    return new FileSourceSplit(
        file.toString(), InputFiles.absolute(file.toString()), 0, Files.size(file), 0, 0);
  }

  private static FileSourceSplit split(Path file, Position position) throws IOException {
    return split(file)
        .updateWithCheckpointedPosition(
            new CheckpointedPosition(position.offset(), position.records()));
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private abstract static class LineDecoderBase implements Decoder<String> {
    @Override
    public void open() {}

    @Override
    public TypeInformation<String> producedType() {
      return Types.STRING;
    }
  }

  /** One record per letter, none of the header. */
  private static class LetterDecoder extends LineDecoderBase {
    @Override
    public void decode(Payload payload, RecordOutput<String> out) {
      if (!payload.isFileHeader) {
        LineDecoder.show(payload).chars().forEach(c -> out.emit(Character.toString(c)));
      }
    }

    @Override
    public boolean emitsSeveral() {
      return true;
    }
  }

  /** Notes the header of every payload. */
  private static final class HeaderDecoder extends LineDecoderBase {
    private final List<String> seen = new ArrayList<>();
    private final List<byte[]> arrays = new ArrayList<>();

    @Override
    public void decode(Payload payload, RecordOutput<String> out) {
      seen.add(new String(payload.fileHeader, UTF_8) + " " + payload.isFileHeader);
      if (arrays.stream().noneMatch(known -> known == payload.fileHeader)) {
        arrays.add(payload.fileHeader);
      }
      out.emit(LineDecoder.show(payload));
    }
  }
}
