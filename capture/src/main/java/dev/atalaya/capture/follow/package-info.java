/** Files to events: lines as files grow, capture files, standard input. */
package dev.atalaya.capture.follow;
