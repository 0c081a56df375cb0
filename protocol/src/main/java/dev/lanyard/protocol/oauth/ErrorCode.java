package dev.lanyard.protocol.oauth;

import java.util.Optional;

/// The error codes that a client may see, with the HTTP status that each is sent with at a token
/// endpoint: 400 for a refusal, 401 for a client that is not who it says, 5xx for an outage
/// (IDP-39, TOK-4).
///
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 RFC 6749 §5.2
public enum ErrorCode {
  INVALID_REQUEST("invalid_request", 400),
  INVALID_CLIENT("invalid_client", 401),
  INVALID_GRANT("invalid_grant", 400),
  UNAUTHORIZED_CLIENT("unauthorized_client", 400),
  UNSUPPORTED_GRANT_TYPE("unsupported_grant_type", 400),
  UNSUPPORTED_RESPONSE_TYPE("unsupported_response_type", 400),
  UNSUPPORTED_TOKEN_TYPE("unsupported_token_type", 400),
  INVALID_SCOPE("invalid_scope", 400),
  INVALID_TARGET("invalid_target", 400),
  INVALID_AUTHORIZATION_DETAILS("invalid_authorization_details", 400),
  INVALID_DPOP_PROOF("invalid_dpop_proof", 400),
  USE_DPOP_NONCE("use_dpop_nonce", 400),
  ACCESS_DENIED("access_denied", 400),
  LOGIN_REQUIRED("login_required", 400),
  CONSENT_REQUIRED("consent_required", 400),
  /// The parameter `request`: [OpenID Connect Core
  /// §3.1.2.6](https://openid.net/specs/openid-connect-core-1_0.html#AuthError), as the next two.
  REQUEST_NOT_SUPPORTED("request_not_supported", 400),
  REQUEST_URI_NOT_SUPPORTED("request_uri_not_supported", 400),
  REGISTRATION_NOT_SUPPORTED("registration_not_supported", 400),
  INSUFFICIENT_USER_AUTHENTICATION("insufficient_user_authentication", 400),
  /// [OpenID Connect Core Error Code unmet_authentication_requirements
  /// 1.0](https://openid.net/specs/openid-connect-unmet-authentication-requirements-1_0.html).
  UNMET_AUTHENTICATION_REQUIREMENTS("unmet_authentication_requirements", 400),
  /// Registration of clients: [RFC 7591
  /// §3.2.2](https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2.2), as the next one.
  INVALID_REDIRECT_URI("invalid_redirect_uri", 400),
  INVALID_CLIENT_METADATA("invalid_client_metadata", 400),
  SERVER_ERROR("server_error", 500),
  TEMPORARILY_UNAVAILABLE("temporarily_unavailable", 503);

  private final String value;
  private final int status;

  ErrorCode(String value, int status) {
    this.value = value;
    this.status = status;
  }

  /// The `error` value.
  public String value() {
    return value;
  }

  /// The HTTP status at a token endpoint.
  public int status() {
    return status;
  }

  public static Optional<ErrorCode> of(String value) {
    for (var code : values()) {
      if (code.value.equals(value)) {
        return Optional.of(code);
      }
    }
    return Optional.empty();
  }
}
