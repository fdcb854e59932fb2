/** Summaries of keyed weights: mergeable, bounded in memory, with certain error bounds. */
package dev.atalaya.sketch;
