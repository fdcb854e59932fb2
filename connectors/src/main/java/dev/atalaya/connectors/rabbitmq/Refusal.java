package dev.atalaya.connectors.rabbitmq;

/**
 * What waiting cannot heal. The message says where, why and which setting to look at, and holds no
 * secret.
 */
final class Refusal extends Exception {

  Refusal(String message, Throwable cause) {
    super(message, cause);
  }
}
