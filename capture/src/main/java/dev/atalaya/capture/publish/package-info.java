/** How events get into the queue, each told when the queue has it. */
package dev.atalaya.capture.publish;
