package dev.lanyard.client.code;

import dev.lanyard.client.CredentialStore;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import java.util.Optional;

/// The refresh tokens of one person: each for one resource at the server that issued it, and never
/// sent to another (CLI-14).
final class RefreshTokens {
  private final CredentialStore store;
  private final String person;

  RefreshTokens(CredentialStore store, String person) {
    this.store = store;
    this.person = person;
  }

  /// @param scopes what the person has granted; a wider access cannot be had with it
  record Kept(Secret token, Scopes scopes) {}

  Optional<Kept> find(Issuer issuer, ResourceIndicator resource) {
    return store.find(name(issuer, resource)).flatMap(RefreshTokens::read);
  }

  private static Optional<Kept> read(Secret kept) {
    try {
      var json = JsonObject.parse(kept.reveal());
      var scope = json.string("scope").orElse("");
      var scopes = scope.isEmpty() ? Scopes.NONE : Scopes.parse(scope);
      return json.string("refresh_token").map(token -> new Kept(new Secret(token), scopes));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  void keep(Issuer issuer, ResourceIndicator resource, Kept kept) {
    var json =
        JsonObject.builder()
            .put("refresh_token", kept.token().reveal())
            .put("scope", kept.scopes().toString())
            .build();
    store.keep(name(issuer, resource), new Secret(json.toJson()));
  }

  /// Forgets a token.
  ///
  /// @return the one that was kept
  Optional<Secret> remove(Issuer issuer, ResourceIndicator resource) {
    var kept = find(issuer, resource);
    store.forget(name(issuer, resource));
    return kept.map(Kept::token);
  }

  private String name(Issuer issuer, ResourceIndicator resource) {
    return "refresh token of " + person + " for " + resource.value() + " at " + issuer;
  }
}
