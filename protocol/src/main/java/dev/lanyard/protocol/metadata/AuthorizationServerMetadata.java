package dev.lanyard.protocol.metadata;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import java.net.URI;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What an authorization server says of itself. Immutable.
///
/// **Says nothing about trust.** That a document names its issuer proves only that whoever serves
/// that URL wrote it.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8414.html#section-2 RFC 8414 §2
public final class AuthorizationServerMetadata {
  /// The grant profile by which a server says that it redeems ID-JAGs (META-6).
  public static final String ID_JAG_PROFILE = "urn:ietf:params:oauth:grant-profile:id-jag";

  private final Issuer issuer;
  private final Map<Endpoint, URI> endpoints;
  private final Map<Supported, List<String>> supported;
  private final Set<Flag> flags;

  private AuthorizationServerMetadata(Builder builder) {
    this.issuer = builder.issuer;
    this.endpoints = new EnumMap<>(builder.endpoints);
    this.supported = new EnumMap<>(builder.supported);
    this.flags = EnumSet.copyOf(builder.flags);
  }

  /// A URL of the server.
  public enum Endpoint {
    AUTHORIZATION("authorization_endpoint"),
    /// Pushed authorization requests: [RFC 9126
    /// §5](https://www.rfc-editor.org/rfc/rfc9126.html#section-5).
    PUSH("pushed_authorization_request_endpoint"),
    TOKEN("token_endpoint"),
    REGISTRATION("registration_endpoint"),
    JWKS("jwks_uri"),
    REVOCATION("revocation_endpoint"),
    INTROSPECTION("introspection_endpoint"),
    END_SESSION("end_session_endpoint"),
    USERINFO("userinfo_endpoint");

    private final String member;

    Endpoint(String member) {
      this.member = member;
    }
  }

  /// A list of what the server can do.
  public enum Supported {
    SCOPES("scopes_supported"),
    RESPONSE_TYPES("response_types_supported"),
    RESPONSE_MODES("response_modes_supported"),
    GRANT_TYPES("grant_types_supported"),
    /// See [#ID_JAG_PROFILE].
    GRANT_PROFILES("authorization_grant_profiles_supported"),
    /// What a token exchange can be asked for; may leave out what is supported (META-5).
    REQUESTED_TOKEN_TYPES("identity_chaining_requested_token_types_supported"),
    TOKEN_AUTH_METHODS("token_endpoint_auth_methods_supported"),
    TOKEN_AUTH_ALGORITHMS("token_endpoint_auth_signing_alg_values_supported"),
    REVOCATION_AUTH_METHODS("revocation_endpoint_auth_methods_supported"),
    INTROSPECTION_AUTH_METHODS("introspection_endpoint_auth_methods_supported"),
    /// What signed introspection responses are signed with (TOK-12).
    INTROSPECTION_ALGORITHMS("introspection_signing_alg_values_supported"),
    CODE_CHALLENGE_METHODS("code_challenge_methods_supported"),
    DPOP_ALGORITHMS("dpop_signing_alg_values_supported"),
    SUBJECT_TYPES("subject_types_supported"),
    ID_TOKEN_ALGORITHMS("id_token_signing_alg_values_supported"),
    /// What signed answers of UserInfo are signed with.
    USERINFO_ALGORITHMS("userinfo_signing_alg_values_supported"),
    CLAIMS("claims_supported"),
    AUTHORIZATION_DETAILS_TYPES("authorization_details_types_supported"),
    ACR_VALUES("acr_values_supported"),
    /// [Initiating User Registration
    /// 1.0](https://openid.net/specs/openid-connect-prompt-create-1_0.html).
    PROMPT_VALUES("prompt_values_supported");

    private final String member;

    Supported(String member) {
      this.member = member;
    }
  }

  /// Something the server does or does not; absent means not.
  public enum Flag {
    /// Authorization responses carry `iss` (META-9).
    AUTHORIZATION_RESPONSE_ISS("authorization_response_iss_parameter_supported"),
    /// Authorization requests count only if they were pushed.
    PUSHED_REQUESTS_ONLY("require_pushed_authorization_requests"),
    /// Client ID Metadata Documents are accepted (META-10).
    CLIENT_ID_METADATA_DOCUMENT("client_id_metadata_document_supported"),
    /// Clients are told of logouts (META-20).
    BACKCHANNEL_LOGOUT("backchannel_logout_supported"),
    /// Logout tokens name the session with `sid`.
    BACKCHANNEL_LOGOUT_SESSION("backchannel_logout_session_supported"),
    /// Claims may be asked for one by one.
    CLAIMS_PARAMETER("claims_parameter_supported"),
    /// Requests may be at a `request_uri`. Of an OpenID Provider that says nothing clients assume
    /// it, so one that does not says so.
    REQUEST_URI_PARAMETER("request_uri_parameter_supported");

    private final String member;

    Flag(String member) {
      this.member = member;
    }
  }

  public static Builder builder(Issuer issuer) {
    return new Builder(issuer);
  }

  /// Reads a document that was fetched from one of the places of `expected`. Members that we do not
  /// use are ignored.
  ///
  /// @throws MalformedException if its `issuer` is not `expected` byte for byte (META-3, CLI-40),
  ///   an endpoint is not an http(s) URL, or a member has another type than its RFC gives it
  public static AuthorizationServerMetadata parse(JsonObject json, Issuer expected)
      throws MalformedException {
    if (!json.string("issuer").equals(Optional.of(expected.value()))) {
      throw new MalformedException("the document's issuer is not " + expected);
    }
    var builder = builder(expected);
    for (var endpoint : Endpoint.values()) {
      var url = json.string(endpoint.member);
      if (url.isPresent()) {
        builder.endpoint(endpoint, Urls.http(url.get(), endpoint.member));
      }
    }
    for (var list : Supported.values()) {
      json.strings(list.member).ifPresent(values -> builder.supported(list, values));
    }
    for (var flag : Flag.values()) {
      if (json.bool(flag.member).orElse(false)) {
        builder.flag(flag);
      }
    }
    return new AuthorizationServerMetadata(builder);
  }

  /// The document to serve; empty lists are left out (META-13).
  public JsonObject toJson() {
    var json = JsonObject.builder().put("issuer", issuer.value());
    endpoints.forEach((endpoint, url) -> json.put(endpoint.member, url.toString()));
    supported.forEach((list, values) -> json.put(list.member, values));
    flags.forEach(flag -> json.put(flag.member, true));
    if (supported.containsKey(Supported.SUBJECT_TYPES)
        && !flags.contains(Flag.REQUEST_URI_PARAMETER)) {
      json.put(Flag.REQUEST_URI_PARAMETER.member, false);
    }
    return json.build();
  }

  public Issuer issuer() {
    return issuer;
  }

  public Optional<URI> endpoint(Endpoint endpoint) {
    return Optional.ofNullable(endpoints.get(endpoint));
  }

  /// The list as published; empty when there is none, which may mean "no" or "unknown".
  public List<String> supported(Supported list) {
    return supported.getOrDefault(list, List.of());
  }

  public boolean has(Flag flag) {
    return flags.contains(flag);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AuthorizationServerMetadata metadata
        && toJson().equals(metadata.toJson());
  }

  @Override
  public int hashCode() {
    return toJson().hashCode();
  }

  @Override
  public String toString() {
    return "AuthorizationServerMetadata[" + issuer + "]";
  }

  /// Collects what a server says of itself. Not thread-safe.
  public static final class Builder {
    private final Issuer issuer;
    private final Map<Endpoint, URI> endpoints = new EnumMap<>(Endpoint.class);
    private final Map<Supported, List<String>> supported = new EnumMap<>(Supported.class);
    private final Set<Flag> flags = EnumSet.noneOf(Flag.class);

    private Builder(Issuer issuer) {
      this.issuer = issuer;
    }

    public Builder endpoint(Endpoint endpoint, URI url) {
      endpoints.put(endpoint, url);
      return this;
    }

    public Builder supported(Supported list, Collection<String> values) {
      supported.put(list, List.copyOf(values));
      return this;
    }

    public Builder supported(Supported list, String... values) {
      return supported(list, List.of(values));
    }

    public Builder flag(Flag flag) {
      flags.add(flag);
      return this;
    }

    /// @throws IllegalStateException if the server would claim to redeem ID-JAGs without the grant
    ///   for it (META-6)
    public AuthorizationServerMetadata build() {
      var profiles = supported.getOrDefault(Supported.GRANT_PROFILES, List.of());
      var grants = supported.getOrDefault(Supported.GRANT_TYPES, List.of());
      if (profiles.contains(ID_JAG_PROFILE) && !grants.contains(GrantType.JWT_BEARER.value())) {
        throw new IllegalStateException("the id-jag profile needs the jwt-bearer grant");
      }
      return new AuthorizationServerMetadata(this);
    }
  }
}
