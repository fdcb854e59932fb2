/** Reads what the job writes, from the sinks it writes to, as it comes. */
package dev.atalaya.dashboard.follow;
