package dev.atalaya.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

  @Test
  void ordinaryTextStaysAsItIs() {
    String text = "señal ñ 日本 😀 10.0.0.1 <b>'\"\\";
    assertThat(Printable.escape(text)).isSameAs(text);
  }

  @Test
  void whatATerminalObeysOrHidesIsWrittenOut() {
    assertThat(Printable.escape("a\u001b[2J\r\nb\u202e\u200b\u2028\ud800\u009b\ud83d"))
        .isEqualTo("a\\x1b[2J\\x0d\\x0ab\\u202e\\u200b\\u2028\\ud800\\x9b\\ud83d");
  }
}
