package dev.atalaya.dashboard.server;

/**
 * What clients may take up: each, unless it is said otherwise.
 *
 * @param requestMillis until a request has come, and for nothing to happen on a connection
 * @param answerMillis until an answer has been taken
 * @param queuedEventBytes of server-sent events that were not taken yet
 * @param answerBytes of all answers together that were not taken yet
 */
record Limits(long requestMillis, long answerMillis, int queuedEventBytes, long answerBytes) {

  static final Limits DEFAULT = new Limits(30_000, 60_000, 4 << 20, 16 << 20);
}
