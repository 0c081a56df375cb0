package dev.lanyard.server.clients.documents;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Whose metadata documents make clients. Nobody's, unless an administrator names hosts or single
/// documents.
///
/// @param hosts `app.example.com` is that host, `*.example.com` every host below it and not itself
/// @param urls single documents, of whose hosts no other counts
public record DocumentConfig(List<String> hosts, List<String> urls) {
  /// No client is known by a URL.
  public static final DocumentConfig OFF = new DocumentConfig(List.of(), List.of());

  private static final Pattern HOST =
      Pattern.compile("(\\*\\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?");
  private static final Pattern TOO_WIDE = Pattern.compile("\\*\\.[^.]+");

  /// @throws IllegalArgumentException if one is no host, or would let in a whole top-level domain;
  ///   or no URL that a client could be called by
  public DocumentConfig {
    urls = List.copyOf(urls);
    for (var url : urls) {
      if (read(url).isEmpty()) {
        throw new IllegalArgumentException(
            "client_id_metadata_documents.urls must be https URLs with a path and without query,"
                + " such as https://app.example.com/client.json, not '"
                + url
                + "'");
      }
    }
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

  private static Optional<ClientIdUrl> read(String url) {
    try {
      return ClientIdUrl.read(ClientId.parse(url));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  public boolean isOn() {
    return !hosts.isEmpty() || !urls.isEmpty();
  }

  /// Whether a client may be called by this, if its document makes it one.
  public boolean allows(ClientId id) {
    return ClientIdUrl.read(id).filter(this::allows).isPresent();
  }

  boolean allows(ClientIdUrl url) {
    return urls.contains(url.id().value()) || hosts.stream().anyMatch(one -> fits(one, url.host()));
  }

  private static boolean fits(String allowed, String host) {
    return allowed.startsWith("*.") ? host.endsWith(allowed.substring(1)) : host.equals(allowed);
  }
}
