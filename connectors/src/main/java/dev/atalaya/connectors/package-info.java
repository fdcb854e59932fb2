/**
 * How bytes come in and documents go out; one package per system. What a payload means is not known
 * here: it is decoded by the {@link dev.atalaya.connectors.Decoder} that the job hands in.
 */
package dev.atalaya.connectors;
