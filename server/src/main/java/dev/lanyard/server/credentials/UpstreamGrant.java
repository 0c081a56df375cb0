package dev.lanyard.server.credentials;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.sessions.OpaqueToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What a person has at an authorization server of others.
///
/// @param basis how they came by it
/// @param connector for which connector
/// @param client our id there
/// @param scopes that were granted
/// @param revision counts its renewals: whoever writes names the one that was read
/// @param expiresAt until when the access token is used; empty if that is for ever
/// @param livesUntil when nothing of it lives at the server any more; empty if that is not known
/// @param grantedAt when the person consented
/// @param renewedAt when the tokens came
record UpstreamGrant(
    String id,
    String person,
    String connector,
    Issuer issuer,
    ClientId client,
    Scopes scopes,
    Tokens tokens,
    long revision,
    Optional<Instant> expiresAt,
    Optional<Instant> livesUntil,
    Instant grantedAt,
    Instant renewedAt,
    Basis basis) {
  private static final Duration AHEAD = Duration.ofMinutes(1);

  /// How somebody has come by what they have.
  ///
  /// @param kind how
  /// @param signIn under which sign-in, where that matters
  /// @param session with which session at the broker it ends
  record Basis(Kind kind, String signIn, Optional<String> session) {
    /// The ways to come by something.
    enum Kind {
      /// The person has consented at the server.
      CONSENT("consent"),
      /// By Enterprise-Managed Authorization, under a sign-in.
      MANAGED("ema");

      private final String value;

      Kind(String value) {
        this.value = value;
      }

      /// As it is kept.
      String value() {
        return value;
      }

      /// The one that is kept so.
      static Kind of(String value) {
        for (var kind : values()) {
          if (kind.value.equals(value)) {
            return kind;
          }
        }
        throw new IllegalStateException("a grant of a kind that nobody has kept: " + value);
      }
    }

    /// It outlives every sign-in.
    static final Basis CONSENT = new Basis(Kind.CONSENT, "", Optional.empty());

    static Basis managed(String signIn, Optional<String> session) {
      return new Basis(Kind.MANAGED, signIn, session);
    }
  }

  /// Whether it is to be used as it is: not so near to its end that a call would meet it. Of a
  /// short life a quarter is near.
  boolean isFresh(Instant at) {
    return expiresAt
        .filter(end ->
            !at.plus(least(AHEAD, Duration.between(renewedAt, end).dividedBy(4))).isBefore(end))
        .isEmpty();
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  boolean isGood(Instant at) {
    return expiresAt.isEmpty() || at.isBefore(expiresAt.get());
  }

  /// Whether its server takes it so long after it was replaced that it has to be told of the end.
  boolean outlives(Instant replaced) {
    return livesUntil.filter(end -> !end.isAfter(replaced.plus(AHEAD))).isEmpty();
  }

  /// The same with other tokens, which are used until their end.
  UpstreamGrant with(Tokens fresh, Optional<Instant> end, Instant at) {
    return new UpstreamGrant(
        id, person, connector, issuer, client, scopes, fresh, revision, end, end, grantedAt, at,
        basis);
  }

  /// The same in a place of its own, beside the one that it was meant to renew.
  UpstreamGrant renamed() {
    return new UpstreamGrant(
        OpaqueToken.identifier(),
        person,
        connector,
        issuer,
        client,
        scopes,
        tokens,
        0,
        expiresAt,
        livesUntil,
        grantedAt,
        renewedAt,
        basis);
  }

  /// Only where it is kept.
  @Override
  public String toString() {
    return "UpstreamGrant[" + id + "]";
  }
}
