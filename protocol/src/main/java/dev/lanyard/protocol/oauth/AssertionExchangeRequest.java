package dev.lanyard.protocol.oauth;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.RequestParameters.RefusedException;

/// A request to exchange the SAML assertion of a sign-in for a refresh token.
///
/// @param assertion a SAML 2.0 assertion in base64url; unverified
/// @param scopes the scopes asked for: `openid offline_access`, or more
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-4.5
///   ID-JAG draft-04 §4.5
public record AssertionExchangeRequest(Secret assertion, Scopes scopes) {
  /// What became of a form.
  public sealed interface Reading {
    /// Well-formed; nothing in it is verified.
    record Valid(AssertionExchangeRequest request) implements Reading {}

    /// To be answered with this error.
    ///
    /// @param fault what is wrong, for the audit record
    record Invalid(OAuthError error, Evidence fault) implements Reading {}
  }

  /// Whether a form asks for this and for no other exchange.
  public static boolean isMeant(Form form) {
    return form.one("requested_token_type")
        .filter(TokenType.REFRESH_TOKEN.value()::equals)
        .isPresent();
  }

  private static final String REQUIREMENT = "IDP-40";

  /// Reads the form of such an exchange. Unknown parameters are ignored.
  ///
  /// **Does not check** `grant_type`, nor the assertion.
  public static Reading parse(Form form) {
    try {
      return new Reading.Valid(read(form));
    } catch (RefusedException e) {
      return new Reading.Invalid(e.error(), e.fault());
    }
  }

  private static AssertionExchangeRequest read(Form form) throws RefusedException {
    var parameters = new RequestParameters(form);
    if (!isMeant(form)) {
      throw invalid(
          "requested_token_type must be " + TokenType.REFRESH_TOKEN.value(),
          "requested_token_type",
          TokenType.REFRESH_TOKEN.value());
    }
    if (!parameters.required("subject_token_type", REQUIREMENT).equals(TokenType.SAML2.value())) {
      throw invalid(
          "only " + TokenType.SAML2.value() + " is exchanged for a refresh token",
          "subject_token_type",
          TokenType.SAML2.value());
    }
    if (form.has("actor_token") || form.has("actor_token_type")) {
      throw RequestParameters.invalid(
          "actor tokens are not accepted here",
          new Evidence("actor_token", "none", "one", "IDP-18"));
    }
    return new AssertionExchangeRequest(
        new Secret(parameters.required("subject_token", REQUIREMENT)),
        parameters.scopes("IDP-8").orElse(Scopes.NONE));
  }

  private static RefusedException invalid(String description, String parameter, String expected) {
    return RequestParameters.invalid(
        description, new Evidence(parameter, expected, "another", REQUIREMENT));
  }

  /// The request to send, without client authentication.
  public Form.Builder toForm() {
    return Form.builder()
        .add("grant_type", GrantType.TOKEN_EXCHANGE.value())
        .add("requested_token_type", TokenType.REFRESH_TOKEN.value())
        .add("subject_token", assertion.reveal())
        .add("subject_token_type", TokenType.SAML2.value())
        .add("scope", scopes.toString());
  }
}
