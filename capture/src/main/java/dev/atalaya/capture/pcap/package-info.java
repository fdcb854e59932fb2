/** Packets to events: capture files (pcap, pcapng) and the headers inside a packet. */
package dev.atalaya.capture.pcap;
