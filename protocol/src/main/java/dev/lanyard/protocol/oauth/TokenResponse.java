package dev.lanyard.protocol.oauth;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A successful answer of a token endpoint that holds an access token.
///
/// @param accessToken the token; opaque to a client
/// @param type how it is used
/// @param expiresIn how long it lives; empty if the server does not say
/// @param scopes what was granted; empty if the server does not say, which means: as requested
/// @param resources where it may be used; empty if the server does not say (others than Lanyard do
///   not)
/// @param details the authorization details that were granted; none if the server names none
/// @param refreshToken a refresh token; never with an ID-JAG redemption (RAS-16)
/// @param idToken an ID token of an OpenID Provider; unverified
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1 RFC 6749 §5.1
public record TokenResponse(
    Secret accessToken,
    AccessTokenType type,
    Optional<Duration> expiresIn,
    Optional<Scopes> scopes,
    List<ResourceIndicator> resources,
    AuthorizationDetails details,
    Optional<Secret> refreshToken,
    Optional<Secret> idToken) {

  public TokenResponse {
    resources = List.copyOf(resources);
  }

  /// A response without authorization details.
  public TokenResponse(
      Secret accessToken,
      AccessTokenType type,
      Optional<Duration> expiresIn,
      Optional<Scopes> scopes,
      List<ResourceIndicator> resources,
      Optional<Secret> refreshToken,
      Optional<Secret> idToken) {
    this(
        accessToken,
        type,
        expiresIn,
        scopes,
        resources,
        AuthorizationDetails.NONE,
        refreshToken,
        idToken);
  }

  /// An answer to a redemption: it lists everything that was granted (RAS-15).
  public static TokenResponse granted(
      Secret accessToken,
      AccessTokenType type,
      Duration expiresIn,
      Scopes scopes,
      List<ResourceIndicator> resources) {
    return new TokenResponse(
        accessToken,
        type,
        Optional.of(expiresIn),
        Optional.of(scopes),
        resources,
        Optional.empty(),
        Optional.empty());
  }

  /// The same with authorization details.
  public TokenResponse withDetails(AuthorizationDetails granted) {
    return new TokenResponse(
        accessToken, type, expiresIn, scopes, resources, granted, refreshToken, idToken);
  }

  /// The same with a refresh token.
  public TokenResponse withRefreshToken(Secret token) {
    return new TokenResponse(
        accessToken, type, expiresIn, scopes, resources, details, Optional.of(token), idToken);
  }

  /// The same with an ID token.
  public TokenResponse withIdToken(Secret token) {
    return new TokenResponse(
        accessToken, type, expiresIn, scopes, resources, details, refreshToken, Optional.of(token));
  }

  /// Reads the body of a 200 answer; unknown members are ignored.
  ///
  /// @throws MalformedException if there is no access token, its type is unknown, or a member has
  ///   another type than RFC 6749 gives it
  public static TokenResponse parse(JsonObject json) throws MalformedException {
    var type = json.string("token_type").flatMap(AccessTokenType::of);
    return new TokenResponse(
        ResponseMembers.token(json, "access_token"),
        type.orElseThrow(() -> new MalformedException("token_type is neither Bearer nor DPoP")),
        ResponseMembers.lifetime(json),
        ResponseMembers.scopes(json),
        resources(json),
        ResponseMembers.details(json),
        json.string("refresh_token").map(Secret::new),
        json.string("id_token").map(Secret::new));
  }

  private static List<ResourceIndicator> resources(JsonObject json) throws MalformedException {
    var resources = new ArrayList<ResourceIndicator>();
    for (var value : json.stringOrStrings("resource").orElse(List.of())) {
      resources.add(ResourceIndicator.parse(value));
    }
    return resources;
  }

  /// The body to send, with `Cache-Control: no-store`.
  public JsonObject toJson() {
    var json =
        JsonObject.builder()
            .put("access_token", accessToken.reveal())
            .put("token_type", type.value());
    expiresIn.ifPresent(life -> json.put("expires_in", life.toSeconds()));
    return json.putIfPresent("scope", scopes.filter(some -> !some.isEmpty()).map(Scopes::toString))
        .putOneOrMany("resource", resources.stream().map(ResourceIndicator::value).toList())
        .put("authorization_details", details.all())
        .putIfPresent("refresh_token", refreshToken.map(Secret::reveal))
        .putIfPresent("id_token", idToken.map(Secret::reveal))
        .build();
  }
}
