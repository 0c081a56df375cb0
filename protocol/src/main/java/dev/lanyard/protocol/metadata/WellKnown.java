package dev.lanyard.protocol.metadata;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import java.net.URI;
import java.util.List;

/// Where metadata documents are.
///
/// For the issuer `https://h/t1` the OAuth document is at
/// `https://h/.well-known/oauth-authorization-server/t1` (inserted), and OpenID Connect's at
/// `https://h/.well-known/openid-configuration/t1` (inserted) and at
/// `https://h/t1/.well-known/openid-configuration` (appended). Real clients try all three (META-2).
///
/// @spec https://www.rfc-editor.org/rfc/rfc8414.html#section-3.1 RFC 8414 §3.1
/// @spec https://www.rfc-editor.org/rfc/rfc9728.html#section-3.1 RFC 9728 §3.1
public final class WellKnown {
  private static final String OAUTH = "/.well-known/oauth-authorization-server";
  private static final String OPENID = "/.well-known/openid-configuration";
  private static final String RESOURCE = "/.well-known/oauth-protected-resource";

  private WellKnown() {}

  /// Every place of an issuer's document, in the order in which a client tries them (CLI-3): three
  /// for an issuer with a path, two for one without.
  public static List<URI> authorizationServer(Issuer issuer) {
    return List.of(inserted(issuer, OAUTH), inserted(issuer, OPENID), appended(issuer)).stream()
        .distinct()
        .toList();
  }

  /// The place of a resource's document.
  public static URI protectedResource(ResourceIndicator resource) {
    var uri = URI.create(resource.value());
    // Only a slash right after the host is dropped; one at the end of a path belongs to the
    // identifier.
    var path = "/".equals(uri.getRawPath()) ? "" : uri.getRawPath();
    var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return URI.create(origin(uri) + RESOURCE + path + query);
  }

  /// The place at the root of the resource's host, where a client looks last (CLI-1).
  public static URI protectedResourceAtRoot(ResourceIndicator resource) {
    return URI.create(origin(URI.create(resource.value())) + RESOURCE);
  }

  private static URI inserted(Issuer issuer, String wellKnown) {
    return URI.create(origin(issuer.uri()) + wellKnown + path(issuer));
  }

  private static URI appended(Issuer issuer) {
    return URI.create(origin(issuer.uri()) + path(issuer) + OPENID);
  }

  private static String path(Issuer issuer) {
    var path = issuer.uri().getRawPath();
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static String origin(URI uri) {
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }
}
