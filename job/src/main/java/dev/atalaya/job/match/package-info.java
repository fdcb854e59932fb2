/** Values against lists of texts, prefixes of addresses, and patterns. */
package dev.atalaya.job.match;
