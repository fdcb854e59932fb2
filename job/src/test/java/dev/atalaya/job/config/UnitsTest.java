package dev.atalaya.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {

  @ParameterizedTest
  @CsvSource({"500ms,500", "10s,10000", "10 s,10000", "5m,300000", "1h,3600000", "2d,172800000"})
  void durationsAreReadWithTheirUnit(String text, long millis) {
    assertThat(Units.parseDuration(text)).isEqualTo(millis);
  }

  @ParameterizedTest
  @CsvSource({"512b,512", "64kb,65536", "1mb,1048576", "2gb,2147483648"})
  void sizesAreReadWithTheirUnit(String text, long bytes) {
    assertThat(Units.parseSize(text)).isEqualTo(bytes);
    assertThat(Units.formatSize(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0,0s", "1500,1500ms", "90000,90s", "60000,1m", "86400000,1d"})
  void durationsAreWrittenInTheLargestWholeUnit(long millis, String text) {
    assertThat(Units.formatDuration(millis)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"1%,0.01", "0.01,0.01", "100%,1", "1,1", "0.5 %,0.005"})
  void sharesAreReadAsPerCentOrFraction(String text, String fraction) {
    assertThat(Units.parseShare(text).fraction()).isEqualByComparingTo(fraction);
  }
}
