package dev.atalaya.dashboard.history;

/**
 * Which alerts; what is null does not matter.
 *
 * @param detector its name
 * @param kind one of {@link Finding#ACTIONS}
 * @param key a part of the key, in any case
 * @param certainty {@code certain} or {@code possible}
 * @param fromMillis windows that end after it
 * @param toMillis windows that begin before it
 */
public record AlertQuery(
    String detector, String kind, String key, String certainty, Long fromMillis, Long toMillis) {}
