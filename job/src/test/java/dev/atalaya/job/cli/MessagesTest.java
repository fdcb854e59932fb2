package dev.atalaya.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class MessagesTest {

  private static Properties bundle(String name) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Messages.class.getResourceAsStream(name);
        Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      properties.load(reader);
    }
    return properties;
  }

  @Test
  void bothLanguagesSayTheSameThings() throws IOException {
    assertThat(bundle("messages_es.properties").keySet())
        .isEqualTo(bundle("messages.properties").keySet());
  }

  @Test
  void theLanguageAskedForIsSpokenWhateverTheMachines() {
    Locale machines = Locale.getDefault();
    try {
      for (String tag : new String[] {"en", "es", "tr", "ar"}) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        assertThat(new Messages(Language.EN).text("demo.title")).isEqualTo("Atalaya: a demo");
        assertThat(new Messages(Language.ES).text("demo.title"))
            .isEqualTo("Atalaya: una demostración");
        assertThat(Language.orMachines(null).code()).isEqualTo(tag.equals("es") ? "es" : "en");
      }
    } finally {
      Locale.setDefault(machines);
    }
  }

  @Test
  void numbersLookAsTheLanguageWritesThem() {
    BigDecimal share = new BigDecimal("0.00125");
    assertThat(new Messages(Language.EN).percent(share)).isEqualTo("0.125%");
    assertThat(new Messages(Language.ES).percent(share)).isEqualTo("0,125\u00a0%");
  }
}
