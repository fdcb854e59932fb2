package dev.atalaya.job.decode;

import static dev.atalaya.job.decode.DecoderFixture.outcome;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What RFC 8259 takes and refuses, as the value of a field that nobody needs. Bytes above 0x7f are
 * written as Latin-1 characters.
 */
class JsonSyntaxTest {

  private static final DecoderFixture FIXTURE = DecoderFixture.json();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "[[]   ]",
        "[\"\"]",
        "[null]",
        "[ 1]",
        "[1\n]",
        "[1,null,null,2]",
        "[2] ",
        "0",
        "-0",
        "1",
        "-1",
        "123e65",
        "0e+1",
        "0e1",
        "20e1",
        "1E22",
        "1E-2",
        "1E+2",
        "123e45",
        "123.456e78",
        "1e-2",
        "1e+2",
        "123.456789",
        "-123",
        "-237462374673276894279832749832423479",
        "true",
        "false",
        "null",
        "{\"a\":\"b\",\"a\":\"c\"}",
        "{\"\":0}",
        "{\"a\":[]}",
        "{\"\\u0000\":1}",
        "\"\\u0060\\u012a\\u12AB\"",
        "\"\\uD801\\udc37\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\\\u0000\"",
        "\"a/*b*/c\"",
        "\"\u007f\"",
        "\" \"",
        "\"\\u0012\"",
        "\"\\uFFFF\"",
        "\"\u00c3\u00b1\"",
        "\"\u00e2\u0082\u00ac\"",
        "\"\u00f0\u009d\u0084\u009e\"",
        "\"\u00f4\u008f\u00bf\u00bf\"",
        "\"\u00e2\u0080\u00a8\"",
        "\"\\uDADA\"",
        "{\"a\": 1 ,\r\n\t\"b\":2}",
      })
  void takes(String value) {
    assertThat(outcome(decode(value))).isEqualTo("event");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1 true]",
        "[\"\": 1]",
        "[\"\"],",
        "[,1]",
        "[1,,2]",
        "[\"x\",,]",
        "[\"x\"]]",
        "[\"\",]",
        "[\"x\"",
        "[x",
        "[3[4]]",
        "[1:2]",
        "[,]",
        "[-]",
        "[   , \"\"]",
        "[*]",
        "[1,",
        "[\"a\",\n4\n,1,",
        "[{}",
        "[fals]",
        "[nul]",
        "[tru]",
        "++1234",
        "+1",
        "+Inf",
        "-01",
        "-1.0.",
        "-2.",
        "-NaN",
        ".-1",
        ".2e-3",
        "0.1.2",
        "0.3e+",
        "0.3e",
        "0.e1",
        "0E",
        "0e+",
        "1.0e-",
        "1.0e",
        "1 000.0",
        "1eE2",
        "2.e+3",
        "9.e+",
        "Inf",
        "NaN",
        "1+2",
        "0x1",
        "0x42",
        "Infinity",
        "-Infinity",
        "012",
        "-foo",
        "- 1",
        "123\u0000",
        "-.123",
        "1.",
        "1.8011670033376514H-308",
        "[\"x\", truth]",
        "{\"x\", null}",
        "{\"x\"::\"b\"}",
        "{\"a\":\"a\" 123}",
        "{key: 'value'}",
        "{\"a\" b}",
        "{:\"b\"}",
        "{\"a\" \"b\"}",
        "{\"a\":",
        "{\"a\"",
        "{1:1}",
        "{9999E9999:1}",
        "{null:null}",
        "{\"id\":0,,,,,}",
        "{'a':0}",
        "{\"id\":0,}",
        "{\"a\":\"b\"}/**/",
        "{\"a\":\"b\"}//",
        "{\"a\":\"b\",,\"c\":\"d\"}",
        "{a: \"b\"}",
        "{\"a\":\"a",
        "{ \"foo\" : \"bar\", \"a\" }",
        "{\"a\":\"b\"}#",
        " ",
        "\"\\uD800\\u1\"",
        "\"\\u00A\"",
        "\"\\x00\"",
        "\"\\\\\\\"",
        "\"\\\t\"",
        "\"\\uqqqq\"",
        "\"\\a\"",
        "\"\\",
        "\"\\u\"",
        "[\\u0020\"asd\"]",
        "\\n",
        "\"",
        "'single quote'",
        "abc",
        "\"new\nline\"",
        "\"\t\"",
        "\"\\U0041\"",
        "<.>",
        "[<null>]",
        "[1]x",
        "[1]]",
        "[][]",
        "]",
        "{]",
        "\u0000",
        "{\"x\":true,",
        "[[",
        "{\"a\":[1}",
        "True",
        "nan",
        "<null>",
        "{\"asd\":\"asd\"",
        "*",
        "{\"a\":\"b\"}#{}",
        "[\f]",
        "1\u0000",
      })
  void refuses(String value) {
    assertThat(outcome(decode(value))).isEqualTo("syntax");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\u00e9\"",
        "\"\u00ff\"",
        "\"\u00c0\u00af\"",
        "\"\u00ed\u00a0\u0080\"",
        "\"\u00e0\u0080\u0080\"",
        "\"\u00f4\u0090\u0080\u0080\"",
        "\"\u0081\"",
        "\"\u00fc\u0083\u00bf\u00bf\u00bf\u00bf\"",
        "\"\u00e6\u0097\u00a5\u00d1\u0088\u00fa\"",
        "[\u00e5]",
        "1e1\u00e5",
      })
  void refusesWhatIsNotUtf8(String value) {
    assertThat(outcome(decode(value))).isEqualTo("encoding");
  }

  private static DecodedRecord decode(String value) {
    String document =
        "{\"ts\":" + DecoderFixture.NOW_MILLIS + ",\"key\":\"k\",\"bytes\":1,\"x\":" + value + "}";
    return FIXTURE.one(document.getBytes(ISO_8859_1));
  }
}
