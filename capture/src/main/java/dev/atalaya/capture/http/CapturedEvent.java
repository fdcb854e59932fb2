package dev.atalaya.capture.http;

/**
 * An event of a request.
 *
 * @param id that the event itself holds, or null
 */
record CapturedEvent(String id, byte[] json) {}
