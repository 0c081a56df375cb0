package dev.lanyard.protocol.oauth;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.RequestParameters.RefusedException;
import java.util.List;
import java.util.Optional;

/// A client's request for an access token on its own behalf, without a person.
///
/// @param resources what the token is for; empty if the client named none
/// @param scopes empty if the client named none
/// @param details none if the client named none
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4.2 RFC 6749 §4.4.2
public record ClientCredentialsRequest(
    List<ResourceIndicator> resources, Optional<Scopes> scopes, AuthorizationDetails details) {

  public ClientCredentialsRequest {
    resources = List.copyOf(resources);
  }

  private static final String REQUIREMENT = "RFC 6749 §4.4.2";

  /// What became of a form.
  public sealed interface Reading {
    /// Well-formed; nothing is decided.
    record Valid(ClientCredentialsRequest request) implements Reading {}

    /// To be answered with this error.
    ///
    /// @param fault what is wrong, for the audit record
    record Invalid(OAuthError error, Evidence fault) implements Reading {}
  }

  /// Reads the form of a request. Unknown parameters are ignored; the form itself must have been
  /// read with only `resource` repeatable.
  ///
  /// **Does not check** `grant_type`, nor the client.
  public static Reading parse(Form form) {
    var parameters = new RequestParameters(form);
    try {
      return new Reading.Valid(
          new ClientCredentialsRequest(
              parameters.resources(REQUIREMENT),
              parameters.scopes(REQUIREMENT),
              parameters.authorizationDetails(REQUIREMENT)));
    } catch (RefusedException e) {
      return new Reading.Invalid(e.error(), e.fault());
    }
  }
}
