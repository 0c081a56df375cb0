package dev.lanyard.client.code;

import dev.lanyard.client.CredentialStore;
import dev.lanyard.client.flow.RememberingStore;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// The refresh tokens of one person: each for one resource at the server that issued it, and never
/// sent to another (CLI-14).
final class RefreshTokens {
  private final CredentialStore store;
  private final String person;

  RefreshTokens(CredentialStore store, String person) {
    this.store = new RememberingStore(store);
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

  /// Where a token is from, and what it is for.
  record Place(Issuer issuer, ResourceIndicator resource) {
    JsonObject toJson() {
      return JsonObject.builder()
          .put("issuer", issuer.value())
          .put("resource", resource.value())
          .build();
    }
  }

  /// Every token of this person, also of earlier starts of the program.
  synchronized List<Place> all() {
    var places = new ArrayList<Place>();
    try {
      var kept = store.find(index()).map(Secret::reveal).orElse("{}");
      for (var json : JsonObject.parse(kept).objects("places").orElse(List.of())) {
        places.add(
            new Place(
                Issuer.parse(json.nonEmptyString("issuer")),
                ResourceIndicator.parse(json.nonEmptyString("resource"))));
      }
    } catch (MalformedException e) {
      // None of ours: as if nothing had been kept.
      places.clear();
    }
    return places;
  }

  private synchronized void list(Place place, boolean isKept) {
    var places = new LinkedHashSet<>(all());
    if (isKept ? places.add(place) : places.remove(place)) {
      var json = JsonObject.builder().put("places", places.stream().map(Place::toJson).toList());
      store.keep(index(), new Secret(json.build().toJson()));
    }
  }

  private String index() {
    return "refresh tokens of " + person;
  }

  /// Listed before it is kept: one that is listed and not there costs nothing.
  void keep(Issuer issuer, ResourceIndicator resource, Kept kept) {
    list(new Place(issuer, resource), true);
    var json =
        JsonObject.builder()
            .put("refresh_token", kept.token().reveal())
            .put("scope", kept.scopes().toString())
            .build();
    store.keep(name(issuer, resource), new Secret(json.toJson()));
  }

  /// Forgets this token, and none that another process has put in its place meanwhile.
  void removeIf(Issuer issuer, ResourceIndicator resource, Secret token) {
    if (find(issuer, resource).filter(kept -> kept.token().equals(token)).isPresent()) {
      remove(issuer, resource);
    }
  }

  /// Forgets a token.
  ///
  /// @return the one that was kept
  Optional<Secret> remove(Issuer issuer, ResourceIndicator resource) {
    var kept = find(issuer, resource);
    store.forget(name(issuer, resource));
    list(new Place(issuer, resource), false);
    return kept.map(Kept::token);
  }

  private String name(Issuer issuer, ResourceIndicator resource) {
    return "refresh token of " + person + " for " + resource.value() + " at " + issuer;
  }
}
