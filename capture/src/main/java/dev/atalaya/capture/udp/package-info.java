/** Datagrams to events: flow exports and syslog as they come. */
package dev.atalaya.capture.udp;
