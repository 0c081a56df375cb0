package dev.lanyard.server.clients.documents;

import dev.lanyard.protocol.oauth.ClientId;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Whose metadata documents make clients. Nobody's, unless an administrator names hosts.
///
/// @param hosts `app.example.com` is that host, `*.example.com` every host below it and not itself
public record DocumentConfig(List<String> hosts) {
  /// No client is known by a URL.
  public static final DocumentConfig OFF = new DocumentConfig(List.of());

  private static final Pattern HOST =
      Pattern.compile("(\\*\\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?");
  private static final Pattern TOO_WIDE = Pattern.compile("\\*\\.[^.]+");

  /// @throws IllegalArgumentException if one is no host, or would let in a whole top-level domain
  public DocumentConfig {
    hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    for (var host : hosts) {
      if (!HOST.matcher(host).matches() || TOO_WIDE.matcher(host).matches()) {
        throw new IllegalArgumentException(
            "client_id_metadata_documents.hosts must be hosts such as app.example.com or"
                + " *.example.com, not '"
                + host
                + "'");
      }
    }
  }

  public boolean isOn() {
    return !hosts.isEmpty();
  }

  /// Whether a client may be called by this, if its document makes it one.
  public boolean allows(ClientId id) {
    return ClientIdUrl.isMeant(id)
        && ClientIdUrl.read(id).filter(url -> allows(url.host())).isPresent();
  }

  boolean allows(String host) {
    return hosts.stream()
        .anyMatch(one -> one.startsWith("*.") ? host.endsWith(one.substring(1)) : host.equals(one));
  }
}
