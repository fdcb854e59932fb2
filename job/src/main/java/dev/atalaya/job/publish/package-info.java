/** Findings, reports, ledgers and rejections to documents, for stores and for people. */
package dev.atalaya.job.publish;
