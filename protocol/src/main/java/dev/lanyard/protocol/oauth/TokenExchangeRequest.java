package dev.lanyard.protocol.oauth;

import static dev.lanyard.protocol.oauth.RequestParameters.invalid;
import static java.util.stream.Collectors.joining;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.RequestParameters.RefusedException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A request to exchange a subject token for an ID-JAG.
///
/// @param subjectToken who it is about; unverified
/// @param subjectTokenType one of [#SUBJECT_TOKEN_TYPES]
/// @param audience the issuer of the resource authorization server, **as sent**: a configured
///   client may have written a slash too many, so look it up, do not compare it
/// @param resources the protected resources, in the order asked for; empty if the client named none
/// @param scopes the scopes asked for; empty if the client leaves them to policy
/// @param details the authorization details asked for, well-formed and not yet believed
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-4.3
///   ID-JAG draft-04 §4.3
public record TokenExchangeRequest(
    Secret subjectToken,
    TokenType subjectTokenType,
    String audience,
    List<ResourceIndicator> resources,
    Optional<Scopes> scopes,
    AuthorizationDetails details) {
  /// What may be exchanged (IDP-12); an access token only by the resource server that it is for,
  /// which is the identity provider's to know.
  public static final Set<TokenType> SUBJECT_TOKEN_TYPES =
      Set.of(TokenType.ID_TOKEN, TokenType.REFRESH_TOKEN, TokenType.SAML2, TokenType.ACCESS_TOKEN);

  public TokenExchangeRequest {
    resources = List.copyOf(resources);
  }

  /// A request without authorization details.
  public TokenExchangeRequest(
      Secret subjectToken,
      TokenType subjectTokenType,
      String audience,
      List<ResourceIndicator> resources,
      Optional<Scopes> scopes) {
    this(subjectToken, subjectTokenType, audience, resources, scopes, AuthorizationDetails.NONE);
  }

  /// What became of a form.
  public sealed interface Reading {
    /// Well-formed; nothing in it is verified.
    record Valid(TokenExchangeRequest request) implements Reading {}

    /// To be answered with this error.
    ///
    /// @param fault what is wrong, for the audit record
    record Invalid(OAuthError error, Evidence fault) implements Reading {}
  }

  /// Reads the form of a token exchange. Unknown parameters are ignored; the form itself must have
  /// been read with only `resource` (and `audience`, which is refused here when repeated)
  /// repeatable.
  ///
  /// **Does not check** `grant_type`, nor any token.
  public static Reading parse(Form form) {
    try {
      return new Reading.Valid(read(form));
    } catch (RefusedException e) {
      return new Reading.Invalid(e.error(), e.fault());
    }
  }

  private static TokenExchangeRequest read(Form form) throws RefusedException {
    var parameters = new RequestParameters(form);
    var requested = parameters.required("requested_token_type", "IDP-2");
    if (!requested.equals(TokenType.ID_JAG.value())) {
      throw invalid(
          "this server exchanges for " + TokenType.ID_JAG.value() + " only",
          new Evidence("requested_token_type", TokenType.ID_JAG.value(), type(requested), "IDP-2"));
    }
    var audience = parameters.required("audience", "IDP-5");
    if (form.all("audience").size() > 1) {
      throw invalid(
          "an ID-JAG has one audience", new Evidence("audience", "one", "several", "IDP-5"));
    }
    var subject = parameters.required("subject_token_type", "IDP-12");
    var type =
        TokenType.of(subject)
            .filter(SUBJECT_TOKEN_TYPES::contains)
            .orElseThrow(() ->
                invalid(
                    "this subject_token_type cannot be exchanged",
                    new Evidence("subject_token_type", taken(), type(subject), "IDP-12")));
    refuseActor(form);
    return new TokenExchangeRequest(
        new Secret(parameters.required("subject_token", "IDP-12")),
        type,
        audience,
        parameters.resources("IDP-6"),
        parameters.scopes("IDP-8"),
        parameters.authorizationDetails("IDP-9"));
  }

  private static String taken() {
    return SUBJECT_TOKEN_TYPES.stream().map(TokenType::value).sorted().collect(joining(" or "));
  }

  /// Tokens are put into the wrong parameter now and then: what is no type is not repeated.
  private static String type(String sent) {
    return sent.startsWith("urn:") ? sent : "no URN";
  }

  /// No profile enables actors here, and an actor must never be taken over unvalidated (IDP-18).
  private static void refuseActor(Form form) throws RefusedException {
    if (form.has("actor_token") != form.has("actor_token_type")) {
      throw invalid(
          "actor_token and actor_token_type go together",
          new Evidence("actor_token_type", "with actor_token", "one without the other", "IDP-18"));
    }
    if (form.has("actor_token")) {
      throw invalid(
          "actor tokens are not accepted here",
          new Evidence("actor_token", "none", "one", "IDP-18"));
    }
  }

  /// The request to send, without client authentication.
  public Form.Builder toForm() {
    var form =
        Form.builder()
            .add("grant_type", GrantType.TOKEN_EXCHANGE.value())
            .add("requested_token_type", TokenType.ID_JAG.value())
            .add("audience", audience)
            .add("subject_token", subjectToken.reveal())
            .add("subject_token_type", subjectTokenType.value());
    RequestParameters.add(form, scopes, resources, details);
    return form;
  }
}
