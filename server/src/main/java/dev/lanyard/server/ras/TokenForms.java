package dev.lanyard.server.ras;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.ras.RasConfig.TokenForm;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.OpaqueTokenStore;
import dev.lanyard.server.sessions.StatusEntry;
import dev.lanyard.server.sessions.StatusEntryStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Gives the claims of an access token the form in which a client holds them, and finds them again:
/// a JWT that says them, or a random value behind which they are kept (TOK-6, TOK-9). A JWT may
/// name its place in a status list (TSL-1). Thread-safe.
final class TokenForms {
  /// Of each the claims only, which never change: whether a token counts is asked every time.
  private static final int MOST_IN_MEMORY = 20_000;

  private final KeyRing keys;
  private final OpaqueTokenStore store;
  private final StatusPlaces places;
  private final StatusEntryStore entries;
  private final Cache<String, JsonObject> known =
      Caffeine.newBuilder().maximumSize(MOST_IN_MEMORY).build();

  /// @param places where the places come from that tokens have in status lists
  TokenForms(KeyRing keys, OpaqueTokenStore store, StatusPlaces places, StatusEntryStore entries) {
    this.keys = keys;
    this.store = store;
    this.places = places;
    this.entries = entries;
  }

  /// A token, and what must be durable before anybody may hold it.
  record Minted(Secret token, List<Row> facts) {}

  Minted mint(JsonObject claims, Instant expiresAt, TokenForm form) {
    return switch (form.format()) {
      case JWT -> form.statusList() ? listed(claims, expiresAt) : plain(claims);
      case OPAQUE -> {
        var token = OpaqueToken.secret();
        yield new Minted(token, List.of(store.issued(token, claims, expiresAt)));
      }
    };
  }

  private Minted plain(JsonObject claims) {
    return new Minted(signed(claims), List.of());
  }

  private Minted listed(JsonObject claims, Instant expiresAt) {
    var place = places.next();
    var named = claims.with(places.reference(place).toClaim());
    return new Minted(signed(named), List.of(entries.assigned(entry(place, claims, expiresAt))));
  }

  private static StatusEntry entry(StatusPlaces.Place place, JsonObject claims, Instant expiresAt) {
    try {
      return new StatusEntry(
          place.list(),
          place.index(),
          claims.nonEmptyString("jti"),
          claims.string("grant_id"),
          claims.nonEmptyString("sub"),
          new ClientId(claims.nonEmptyString("client_id")),
          claims.stringOrStrings("aud").orElseThrow().stream().map(ResourceIndicator::new).toList(),
          claims.string("sid"),
          claims.string("idp"),
          claims.instant("iat").orElseThrow(),
          expiresAt);
    } catch (MalformedException e) {
      throw new IllegalStateException("claims of our own making", e);
    }
  }

  private Secret signed(JsonObject claims) {
    return new Secret(
        new JwtSigner(keys.active(Purpose.ACCESS_TOKEN), AccessToken.TYPE).sign(claims));
  }

  /// Whether a token may be one of the opaque ones, judged by its look.
  static boolean isOpaque(Secret token) {
    return token.reveal().indexOf('.') < 0;
  }

  /// What an opaque token stands for; empty if it is none of ours.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<JsonObject> claims(Secret token) {
    if (!OpaqueToken.isPossible(token)) {
      return Optional.empty();
    }
    var hash = OpaqueToken.hash(token);
    var remembered = Optional.ofNullable(known.getIfPresent(hash));
    if (remembered.isPresent()) {
      return remembered;
    }
    var found = store.find(token);
    found.ifPresent(claims -> known.put(hash, claims));
    return found;
  }
}
