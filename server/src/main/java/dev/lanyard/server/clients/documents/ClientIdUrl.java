package dev.lanyard.server.clients.documents;

import dev.lanyard.protocol.oauth.ClientId;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// A client id that is the URL of a metadata document: `https`, with a path, and written in one way
/// only. It is compared as text; nothing of it is ever normalised (REG-2).
///
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-client-id-metadata-document-02#section-3
///   Client ID Metadata Document draft-02 §3
record ClientIdUrl(ClientId id, URI url) {
  private static final Pattern DOT_SEGMENT = Pattern.compile("(?i)(^|.*/)(\\.|%2e){1,2}(/.*|$)");

  /// Whether an id means to be one.
  static boolean isMeant(ClientId id) {
    return id.value().startsWith("https:");
  }

  /// Reads one; empty if it is none that may be fetched. A query is what the draft advises against,
  /// and a document that answers to any query has no name of its own.
  static Optional<ClientIdUrl> read(ClientId id) {
    try {
      var url = new URI(id.value());
      boolean good =
          "https".equals(url.getScheme())
              && url.getHost() != null
              && url.getHost().equals(url.getHost().toLowerCase(Locale.ROOT))
              && url.getRawUserInfo() == null
              && url.getRawFragment() == null
              && url.getRawQuery() == null
              && url.getRawPath().length() > 1
              && !DOT_SEGMENT.matcher(url.getRawPath()).matches()
              && url.getPort() != 0
              && url.getPort() <= 65535;
      return good ? Optional.of(new ClientIdUrl(id, url)) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  String host() {
    return url.getHost();
  }
}
