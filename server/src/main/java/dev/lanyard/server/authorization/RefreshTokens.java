package dev.lanyard.server.authorization;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.Liveness.Life;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.AuthorizationCode;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.RefreshToken;
import dev.lanyard.server.sessions.RefreshTokenStore;
import dev.lanyard.server.token.TokenRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What a refresh token is good for, the same whether it is refreshed or exchanged (IDP-16).
///
/// @spec https://www.rfc-editor.org/rfc/rfc9700.html#section-4.14 RFC 9700 §4.14 (AC-17, D-12)
public final class RefreshTokens {
  /// How long after a rotation the old token still gives a new one, to a client that lost our
  /// answer.
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final RefreshTokenStore store;
  private final Liveness liveness;
  private final Revocation revocation;
  private final Duration life;

  RefreshTokens(RefreshTokenStore store, Liveness liveness, Revocation revocation, Duration life) {
    this.store = store;
    this.liveness = liveness;
    this.revocation = revocation;
    this.life = life;
  }

  public sealed interface Standing {
    /// @param next the generation of its successor, if it was rotated a moment ago
    record Good(RefreshToken meaning, Person person, Optional<String> next) implements Standing {}

    record Bad(Evidence evidence, Optional<Person> person) implements Standing {}
  }

  /// A new token and the fact of it.
  record Fresh(Secret token, Row row) {}

  /// When what was granted by this code ends for good.
  Instant endOf(AuthorizationCode code) {
    return endOf(code.issuedAt(), code.endsBy());
  }

  /// When what was granted at this time ends for good.
  ///
  /// @param upstream when the provider of the sign-in wants it to end, if it says so
  Instant endOf(Instant grantedAt, Optional<Instant> upstream) {
    var byItself = grantedAt.plus(life);
    return upstream.filter(byItself::isAfter).orElse(byItself);
  }

  /// The first token of a family.
  Fresh first(Grounds grounds, Instant at) {
    var token = OpaqueToken.secret();
    var meaning =
        new RefreshToken(
            grounds.family(),
            OpaqueToken.hash(token),
            grounds.client(),
            grounds.person().id().value(),
            grounds.session(),
            false,
            grounds.resources(),
            grounds.scopes(),
            grounds.claims(),
            grounds.keyThumbprint(),
            grounds.authentication(),
            at,
            grounds.endsBy());
    return new Fresh(token, store.issued(token, meaning));
  }

  /// Judges a token. The reuse of one that was rotated long ago kills its family at once.
  public Standing judge(TokenRequest request, Secret token) {
    var meaning = store.find(token);
    if (meaning.isEmpty()) {
      return bad("refresh_token", "issued here", "unknown");
    }
    var one = meaning.get();
    if (!one.client().equals(request.client().id())) {
      return bad("client", one.client().value(), request.client().id().value());
    }
    if (!request.at().isBefore(one.expiresAt())) {
      return bad("expires_at", one.expiresAt().toString(), request.at().toString());
    }
    if (isWithoutKey(request, one.keyThumbprint())) {
      return bad(
          "cnf.jkt",
          one.keyThumbprint().orElse("none"),
          request.keyThumbprint().orElse("no proof"));
    }
    return switch (liveness.of(Origins.of(one))) {
      // Of a node that had not heard of the end: what it gave is younger than what was denied.
      case Life.Live(var person) when one.sessionEnded() ->
          new Standing.Bad(new Evidence("session", "live", "ended", "IDP-42"), Optional.of(person));
      case Life.Live(var person) -> unlessReused(request, token, one, person);
      case Life.Dead(var evidence, var person) -> new Standing.Bad(evidence, person);
    };
  }

  /// What has made a token dead that was good a moment ago, if anything has.
  public Optional<Evidence> death(RefreshToken meaning) {
    return liveness.death(Origins.of(meaning));
  }

  /// A confidential client authenticates itself instead, so that its key can change (DPOP-5).
  private static boolean isWithoutKey(TokenRequest request, Optional<String> key) {
    return !request.client().isConfidential()
        && key.isPresent()
        && !key.equals(request.keyThumbprint());
  }

  private Standing unlessReused(
      TokenRequest request, Secret token, RefreshToken meaning, Person person) {
    var succession = store.succession(token);
    if (succession.filter(one -> isReuse(one, request)).isPresent()) {
      revocation.report(
          Source.of(Source.Kind.SERVER),
          new Subject.Grant(meaning.family()),
          Happening.TOKENS_REVOKED,
          "rotated refresh token used again",
          request.correlationId());
      return new Standing.Bad(
          new Evidence("rotation", "the newest token", "rotated; family revoked", "AC-17"),
          Optional.of(person));
    }
    return new Standing.Good(
        meaning, person, succession.map(RefreshTokenStore.Succession::generation));
  }

  /// The grace is for a client that lost our answer, or that has asked twice at once. One that has
  /// used what we answered did not lose it, and whoever goes on with the second answer after the
  /// first was used is somebody else. So is whoever has not the key that was proved for the first.
  private static boolean isReuse(RefreshTokenStore.Succession succession, TokenRequest request) {
    return succession.ofAnother()
        || succession.followed()
        || isWithoutKey(request, succession.keyThumbprint())
        || request.at().isAfter(succession.at().plus(GRACE));
  }

  private static Standing bad(String check, String expected, String actual) {
    return new Standing.Bad(new Evidence(check, expected, actual, "AC-17"), Optional.empty());
  }

  /// One more token beside the successor of a token, for a client that lost our answer. Either goes
  /// on, not both.
  ///
  /// @param next the successor's generation
  Fresh another(TokenRequest request, RefreshToken meaning, String next, Instant at) {
    var token = OpaqueToken.secret();
    return new Fresh(token, store.issued(token, meaning.rotated(next, key(request, meaning), at)));
  }

  /// The successor of a token; its row is a claim.
  Fresh successor(TokenRequest request, Secret old, RefreshToken meaning, Instant at) {
    var token = OpaqueToken.secret();
    var fresh = meaning.rotated(OpaqueToken.hash(token), key(request, meaning), at);
    return new Fresh(token, store.rotation(old, meaning.generation(), token, fresh));
  }

  /// From the first proof on a public client's tokens are bound to its key, whether or not the
  /// family began so (DPOP-5).
  private static Optional<String> key(TokenRequest request, RefreshToken meaning) {
    return meaning.keyThumbprint().or(request::keyThumbprint);
  }
}
