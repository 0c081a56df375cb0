package dev.lanyard.conformance;

/// The identifiers as they stand in the specifications, written out so that a slip in our own
/// constants cannot hide here.
final class Urns {
  static final String TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  static final String ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";
  static final String ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
  static final String SAML2 = "urn:ietf:params:oauth:token-type:saml2";
  static final String REFRESH_TOKEN = "urn:ietf:params:oauth:token-type:refresh_token";
  static final String ID_JAG_PROFILE = "urn:ietf:params:oauth:grant-profile:id-jag";
  static final String JWT_CLIENT_ASSERTION =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  private Urns() {}
}
