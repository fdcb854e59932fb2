/** Speed and accuracy of the summaries, beside their peers. */
package dev.atalaya.bench.sketch;
