/** Findings of following windows as one: opened, continued, closed. */
package dev.atalaya.job.episode;
