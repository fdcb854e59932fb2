package dev.atalaya.bench.job;

import com.fasterxml.jackson.databind.ObjectMapper;

/** The one mapper. */
final class Json {

  static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}
}
