package dev.atalaya.connectors;

import java.io.Serializable;

/** A value that no log, message or document may show. */
public record Secret(String value) implements Serializable {

  @Override
  public String toString() {
    return "***";
  }
}
