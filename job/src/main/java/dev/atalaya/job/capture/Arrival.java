package dev.atalaya.job.capture;

import java.util.concurrent.CompletableFuture;

/**
 * A record that came in.
 *
 * @param way by which it came
 * @param id that tells it from others of this way
 * @param receivedMillis since the epoch
 * @param fault why it is none, as a reject reason; null when it is one
 * @param settled completed when whoever sent it need not keep it any more
 */
record Arrival(
    Way way,
    String id,
    byte[] bytes,
    long receivedMillis,
    String fault,
    CompletableFuture<Void> settled) {}
