package dev.lanyard.server.clients.authentication;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.clients.AuthMethod;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientKeys;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.clients.ClientSource.Lookup;
import dev.lanyard.server.clients.SecretHash;
import java.net.InetAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/// Decides which registered client sent a request (TOK-2, TOK-3, TOK-14).
///
/// An unknown client gets the same answer as a wrong secret, after the same work. **Does not
/// check** what the client may do. Thread-safe.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3 RFC 6749 §2.3
public final class ClientAuthenticator {
  private static final int MOST_KEY_SETS = 2_000;
  private static final OAuthError FAILED =
      new OAuthError(ErrorCode.INVALID_CLIENT, "client authentication failed");
  private static final OAuthError AMBIGUOUS =
      new OAuthError(
          ErrorCode.INVALID_REQUEST, "authenticate the client in one way, and under one id");
  private static final OAuthError TOO_OFTEN =
      new OAuthError(
          ErrorCode.TEMPORARILY_UNAVAILABLE,
          "client authentication failed, and did so too often from this address: wait");
  private static final OAuthError UNKNOWN_NOW =
      new OAuthError(
          ErrorCode.TEMPORARILY_UNAVAILABLE, "this client cannot be looked up now, try again");
  private static final OAuthError UNAVAILABLE =
      new OAuthError(
          ErrorCode.TEMPORARILY_UNAVAILABLE, "the client's keys cannot be had now, try again");

  private final ClientRegistry registry;
  private final AssertionValidator assertions;
  private final RemoteKeys remoteKeys;
  private final FailureLimit failures;

  /// Clients that describe themselves may name another URL every time: the old ones are forgotten.
  private final Cache<URI, KeySource> keysByUri =
      Caffeine.newBuilder().maximumSize(MOST_KEY_SETS).build();

  /// What is compared with when there is no secret to compare with, so that this takes as long.
  private final SecretHash noSecret = ClientSecret.generate(new SecureRandom()).hash();

  /// @param registry the clients of this authorization server
  /// @param rules what client assertions have to meet
  public ClientAuthenticator(ClientRegistry registry, AssertionRules rules, RemoteKeys remoteKeys) {
    this.registry = registry;
    this.assertions = new AssertionValidator(rules);
    this.remoteKeys = remoteKeys;
    this.failures = new FailureLimit(rules.clock());
  }

  /// Who sent a request.
  public sealed interface Authentication {}

  /// This registered client, by a method that it is registered for.
  public record Authenticated(Client client) implements Authentication {}

  /// Nobody who could be made out.
  ///
  /// @param error what to answer
  /// @param evidence the check that failed, for the audit record
  /// @param claimed who the sender says it is, if it says so
  public record Failed(OAuthError error, Evidence evidence, Optional<ClientId> claimed)
      implements Authentication {}

  /// Nobody can say now who it is, because something that is needed cannot be had. Never a refusal:
  /// on 4xx clients throw away what they have.
  ///
  /// @param error what to answer
  /// @param evidence what could not be had, for the audit record
  /// @param claimed who the sender says it is
  public record Undecided(OAuthError error, Evidence evidence, Optional<ClientId> claimed)
      implements Authentication {}

  /// Authenticates a client. Blocks only for a client assertion, whose use is recorded, and for
  /// keys.
  ///
  /// @throws dev.lanyard.server.database.DatabaseException if the use of an assertion could not be
  ///   recorded
  public Authentication authenticate(Presented presented) {
    return switch (ProofReader.read(presented)) {
      case ProofReader.Reading.Read(var proof) -> check(proof, presented.peer());
      case ProofReader.Reading.Unreadable(var code, var client, var evidence) ->
          new Failed(code == ErrorCode.INVALID_REQUEST ? AMBIGUOUS : FAILED, evidence, client);
    };
  }

  private Authentication check(Proof proof, InetAddress peer) {
    return switch (registry.look(proof.client())) {
      case Lookup.Found(var client) -> check(proof, peer, client);
      case Lookup.Unknown() -> {
        compare(proof, noSecret);
        yield failed(proof, new Evidence("client", "registered", "unknown", "IDP-11"));
      }
      case Lookup.Rejected(var evidence) -> failed(proof, evidence);
      case Lookup.Unavailable(var reason) ->
          new Undecided(
              UNKNOWN_NOW,
              new Evidence("client", "known", reason, "REG-4"),
              Optional.of(proof.client()));
    };
  }

  private Authentication check(Proof proof, InetAddress peer, Client client) {
    var result = check(proof, client);
    // The proof comes first: a whole company shares one client and one address, and one of them who
    // gets it wrong must not lock out those who get it right.
    return result instanceof Failed failed && !failures.admits(proof.client(), peer)
        ? new Failed(TOO_OFTEN, failed.evidence(), failed.claimed())
        : result;
  }

  private Authentication check(Proof proof, Client client) {
    if (!client.credentials().methods().contains(proof.method())) {
      compare(proof, noSecret);
      var registered = client.credentials().methods().stream().map(AuthMethod::value).sorted();
      return failed(
          proof,
          new Evidence(
              "client-authentication-method",
              registered.toList().toString(),
              proof.method().value(),
              "TOK-2"));
    }
    return switch (proof) {
      case Proof.Nothing _ -> new Authenticated(client);
      case Proof.WithSecret(_, var secret, _) -> checkSecret(proof, client, secret);
      case Proof.WithAssertion(_, var assertion) -> checkAssertion(proof, client, assertion);
    };
  }

  private void compare(Proof proof, SecretHash hash) {
    if (proof instanceof Proof.WithSecret(_, var secret, _)) {
      var _ = hash.isOf(secret);
    }
  }

  private Authentication checkSecret(Proof proof, Client client, Secret secret) {
    return client.credentials().secret().orElse(noSecret).isOf(secret)
        ? new Authenticated(client)
        : failed(proof, new Evidence("client_secret", "the registered one", "another", "TOK-2"));
  }

  private Authentication checkAssertion(Proof proof, Client client, String assertion) {
    var audience = client.credentials().audience();
    return switch (assertions.judge(assertion, client.id(), keysOf(client), audience)) {
      case AssertionValidator.Verdict.Authentic() -> new Authenticated(client);
      case AssertionValidator.Verdict.Rejected(var evidence) -> failed(proof, evidence);
      case AssertionValidator.Verdict.Undecided(var reason) ->
          new Undecided(
              UNAVAILABLE,
              new Evidence("client-keys", "available", reason, "TOK-3"),
              Optional.of(client.id()));
    };
  }

  private KeySource keysOf(Client client) {
    return switch (client.credentials().keys()) {
      case ClientKeys.Inline(var keys) -> keys;
      case ClientKeys.Remote(var uri) -> keysByUri.get(uri, remoteKeys::at);
      case ClientKeys.None() -> new PublicKeySet(List.of());
    };
  }

  private static Failed failed(Proof proof, Evidence evidence) {
    return new Failed(FAILED, evidence, Optional.of(proof.client()));
  }
}
