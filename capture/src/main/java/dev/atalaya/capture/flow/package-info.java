/** Flow exports to events: NetFlow v5 and v9, IPFIX, sFlow v5. */
package dev.atalaya.capture.flow;
