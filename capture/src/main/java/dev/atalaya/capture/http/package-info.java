/**
 * Events over HTTP: JSON and Sentilo's observations, answered when the queue has them. Bounded in
 * connections, bodies and time.
 */
package dev.atalaya.capture.http;
