package dev.lanyard.server.http;

import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// A cookie with a secret of ours in it, that no script reads and no foreign page sends (AC-10).
public final class SecretCookie {
  /// As random values are written.
  private static final Pattern POSSIBLE = Pattern.compile("[A-Za-z0-9_-]{43}");

  private final String name;

  /// @param server whose it is
  public SecretCookie(URI server, String name) {
    this.name = name(server, name);
  }

  /// The name that a cookie has at this server: over TLS one with a prefix, with which no other
  /// host of the domain can set it.
  public static String name(URI server, String name) {
    return "https".equals(server.getScheme()) ? "__Host-" + name : name;
  }

  /// The secret that a browser holds, if it can be one of ours.
  public Optional<Secret> of(Request request) {
    return request.cookie(name).filter(value -> POSSIBLE.matcher(value).matches()).map(Secret::new);
  }

  /// Gives it to a browser.
  public Response put(Response response, Secret secret, Duration life) {
    return response.withCookie(name, secret.reveal(), life);
  }

  /// The same of one that says only which browser it is: it comes with forms of other sites, too.
  public Response putCrossSite(Response response, Secret secret, Duration life) {
    return response.withCrossSiteCookie(name, secret.reveal(), life);
  }

  /// Takes it from a browser.
  public Response remove(Response response) {
    return response.withCookie(name, "", Duration.ZERO);
  }
}
