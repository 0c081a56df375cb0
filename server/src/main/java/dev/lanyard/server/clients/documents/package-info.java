/// Clients that are called by the URL of a document in which they describe themselves: which hosts
/// may, how the document is fetched and judged, and for how long it serves.
///
/// @spec https://datatracker.ietf.org/doc/html/draft-ietf-oauth-client-id-metadata-document-02
///   Client ID Metadata Document draft-02
@NullMarked
package dev.lanyard.server.clients.documents;

import org.jspecify.annotations.NullMarked;
