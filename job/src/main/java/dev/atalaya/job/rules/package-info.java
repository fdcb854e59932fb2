/**
 * Rules that change while the job runs: read from a topic or a watched file, checked whole, and
 * sent to the slices in the stream of the partials, so that each window is judged by one version.
 */
package dev.atalaya.job.rules;
