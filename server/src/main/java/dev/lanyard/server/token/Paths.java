package dev.lanyard.server.token;

import dev.lanyard.protocol.oauth.Issuer;
import java.net.URI;

/// Where the endpoints of an authorization server are, below its issuer.
public final class Paths {
  public static final String AUTHORIZE = "/authorize";
  public static final String PUSH = "/par";
  public static final String LOGIN = "/login";
  public static final String HOME_REALM = "/home-realm";
  public static final String CONSENT = "/consent";
  public static final String CONSENTS = "/consents";
  public static final String CONNECTIONS = "/connections";
  public static final String CALLBACK = "/callback";
  public static final String SAML = "/saml";
  public static final String SAML_CONSUMER = "/acs";
  public static final String SAML_LOGOUT = "/logout";
  public static final String SAML_METADATA = "/metadata";
  public static final String TOKEN = "/token";
  public static final String REVOKE = "/revoke";
  public static final String USERINFO = "/userinfo";
  public static final String LOGOUT = "/logout";
  public static final String JWKS = "/jwks";

  private Paths() {}

  /// The URL of an endpoint as clients see it: from configuration, never from the wire (RS-23).
  public static URI at(Issuer self, String path) {
    var base = self.value();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }
}
