/** Elasticsearch and OpenSearch, by the HTTP API that both speak. */
package dev.atalaya.connectors.search;
