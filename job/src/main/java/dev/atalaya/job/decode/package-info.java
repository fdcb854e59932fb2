/** Bytes to records: each payload becomes an event or a rejection with its reason. */
package dev.atalaya.job.decode;
