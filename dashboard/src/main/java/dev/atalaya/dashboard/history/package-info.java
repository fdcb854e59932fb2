/** What the dashboard remembers: the recent windows and their findings, in bounded memory. */
package dev.atalaya.dashboard.history;
