package dev.atalaya.bench.job;

import com.fasterxml.jackson.core.JsonParser;
import dev.atalaya.connectors.Payload;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.FieldPlan;
import dev.atalaya.job.decode.RecordDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What can be done with each line; the decoder has peers that do less, or the same in general. */
enum FormatWork {
  /** The job's decoder, with the fields of one detector. */
  DECODE {
    @Override
    Worker worker(FormatVariant variant) {
      JobConfig config = variant.config();
      RecordDecoder decoder =
          new RecordDecoder(config.format(), config.time(), FieldPlan.of(config));
      decoder.open();
      Payload payload = new Payload();
      long[] events = new long[1];
      boolean takesBrokersTime = variant.takesBrokersTime();
      return (bytes, from, length) -> {
        payload.set(bytes, from, length, () -> "bench");
        if (takesBrokersTime) {
          payload.timestampMillis = Flows.START_MILLIS;
        }
        decoder.decode(
            payload,
            decoded -> {
              if (decoded.kind() != DecodedRecord.Kind.EVENT) {
                throw new IllegalStateException(variant + ": " + decoded.rejection());
              }
              events[0]++;
            });
        return events[0];
      };
    }
  },
  /** A text, and the texts between its separators. */
  SPLIT {
    @Override
    Worker worker(FormatVariant variant) {
      // A bar has a meaning for split; a single character is split at without a pattern all the
      // same.
      String at = variant.separator.equals("|") ? "\\|" : variant.separator;
      return (bytes, from, length) ->
          new String(bytes, from, length, StandardCharsets.UTF_8).split(at, -1).length;
    }
  },
  /** Jackson's parser, all tokens, no value looked at. */
  STREAM {
    @Override
    Worker worker(FormatVariant variant) {
      return (bytes, from, length) -> {
        long tokens = 0;
        try (JsonParser parser = Json.MAPPER.getFactory().createParser(bytes, from, length)) {
          while (parser.nextToken() != null) {
            tokens++;
          }
        }
        return tokens;
      };
    }
  },
  /** Jackson's tree. */
  TREE {
    @Override
    Worker worker(FormatVariant variant) {
      return (bytes, from, length) -> Json.MAPPER.readTree(bytes, from, length).size();
    }
  };

  /** Does it with one line; returns what depends on all of it, so that nothing is left out. */
  @FunctionalInterface
  interface Worker {
    long work(byte[] bytes, int from, int length) throws IOException;
  }

  abstract Worker worker(FormatVariant variant);

  boolean isFor(FormatVariant variant) {
    return variant.isJson() || this == DECODE || this == SPLIT;
  }
}
