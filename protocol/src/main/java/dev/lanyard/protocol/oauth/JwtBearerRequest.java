package dev.lanyard.protocol.oauth;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.RequestParameters.RefusedException;
import java.util.List;
import java.util.Optional;

/// A request to redeem an assertion, such as an ID-JAG, for an access token.
///
/// @param assertion the JWT; unverified
/// @param resources may only narrow what the assertion allows; empty if the client named none
/// @param scopes may only narrow what the assertion allows; empty if the client named none
/// @param details may only narrow what the assertion allows; none if the client named none
/// @spec https://www.rfc-editor.org/rfc/rfc7523.html#section-2.1 RFC 7523 §2.1 (RAS-1)
public record JwtBearerRequest(
    Secret assertion,
    List<ResourceIndicator> resources,
    Optional<Scopes> scopes,
    AuthorizationDetails details) {

  public JwtBearerRequest {
    resources = List.copyOf(resources);
  }

  /// A request without authorization details.
  public JwtBearerRequest(
      Secret assertion, List<ResourceIndicator> resources, Optional<Scopes> scopes) {
    this(assertion, resources, scopes, AuthorizationDetails.NONE);
  }

  /// What became of a form.
  public sealed interface Reading {
    /// Well-formed; the assertion is not verified.
    record Valid(JwtBearerRequest request) implements Reading {}

    /// To be answered with this error.
    ///
    /// @param fault what is wrong, for the audit record
    record Invalid(OAuthError error, Evidence fault) implements Reading {}
  }

  /// Reads the form of a redemption. Unknown parameters are ignored; the form itself must have been
  /// read with only `resource` repeatable.
  ///
  /// **Does not check** `grant_type`, nor the assertion.
  public static Reading parse(Form form) {
    var parameters = new RequestParameters(form);
    try {
      return new Reading.Valid(
          new JwtBearerRequest(
              new Secret(parameters.required("assertion", "RAS-1")),
              parameters.resources("RAS-1"),
              parameters.scopes("RAS-1"),
              parameters.authorizationDetails("RAS-14")));
    } catch (RefusedException e) {
      return new Reading.Invalid(e.error(), e.fault());
    }
  }

  /// The request to send, without client authentication.
  public Form.Builder toForm() {
    var form =
        Form.builder()
            .add("grant_type", GrantType.JWT_BEARER.value())
            .add("assertion", assertion.reveal());
    RequestParameters.add(form, scopes, resources, details);
    return form;
  }
}
