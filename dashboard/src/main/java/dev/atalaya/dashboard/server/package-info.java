/** The REST API and the page, over HTTP. */
package dev.atalaya.dashboard.server;
