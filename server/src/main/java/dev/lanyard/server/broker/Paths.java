package dev.lanyard.server.broker;

import dev.lanyard.protocol.oauth.Issuer;
import java.net.URI;

/// Where the endpoints are, below the issuer.
final class Paths {
  static final String AUTHORIZE = "/authorize";
  static final String LOGIN = "/login";
  static final String CALLBACK = "/callback";
  static final String TOKEN = "/token";
  static final String REVOKE = "/revoke";
  static final String USERINFO = "/userinfo";
  static final String LOGOUT = "/logout";
  static final String JWKS = "/jwks";

  private Paths() {}

  /// The URL of an endpoint as clients see it: from configuration, never from the wire (RS-23).
  static URI at(Issuer self, String path) {
    var base = self.value();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }
}
