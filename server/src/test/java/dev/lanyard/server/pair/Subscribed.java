package dev.lanyard.server.pair;

import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.resourceserver.Guard;
import dev.lanyard.resourceserver.GuardedRequest;
import dev.lanyard.resourceserver.MemoryDpopReplay;
import dev.lanyard.resourceserver.Requirement;
import dev.lanyard.resourceserver.ScopeCoverage;
import dev.lanyard.resourceserver.TokenStatus;
import dev.lanyard.resourceserver.Verdict;
import dev.lanyard.resourceserver.status.Introspection;
import dev.lanyard.resourceserver.status.RevocationStream;
import dev.lanyard.resourceserver.status.StreamConfig;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An MCP server with our library, which listens to the revocation stream of a [Pair].
public final class Subscribed implements AutoCloseable {
  public final RevocationStream stream;
  private final ResourceIndicator resource;
  private final Requirement needed;
  private final Guard guard;

  /// Linear's.
  ///
  /// @param port where the resource authorization server is, or a [Cable] to it
  /// @param client of the resource server there
  public Subscribed(Pair pair, int port, String client, Duration staleAfter) {
    this.stream = stream(pair, port, client, staleAfter);
    this.resource = World.LINEAR;
    this.needed = Requirement.scopes("issues.read");
    this.guard = guard(pair, stream, Optional.empty());
  }

  /// The ledger's, whose tokens are opaque: it asks what they stand for over a [Cable].
  public Subscribed(Pair pair, Cable questions) {
    var client = "ledger-server";
    this.stream = stream(pair, pair.port("ras"), client, StreamConfig.DEFAULT_STALE_AFTER);
    this.resource = World.LEDGER;
    this.needed = Requirement.scopes("entries.read");
    var endpoint = URI.create("http://127.0.0.1:" + questions.port() + "/introspect");
    var asking = new Introspection(endpoint, credentials(client), Introspection.http(List.of()));
    this.guard = guard(pair, stream, Optional.of(asking));
  }

  private static BasicCredentials credentials(String client) {
    return new BasicCredentials(new ClientId(client), World.clientSecret());
  }

  private static RevocationStream stream(Pair pair, int port, String client, Duration staleAfter) {
    var endpoint = URI.create("http://127.0.0.1:" + port + "/revocation-stream");
    return RevocationStream.open(
        new StreamConfig(pair.ras(), endpoint, credentials(client), staleAfter),
        Introspection.http(List.of()),
        pair.clock);
  }

  private Guard guard(Pair pair, TokenStatus status, Optional<Introspection> opaque) {
    var metadata = new ProtectedResourceMetadata(resource, pair.ras(), needed.scopes());
    var issuer =
        new TrustedIssuer(
            pair.ras(),
            (keyId, algorithm) -> pair.rasKeys.published().find(keyId, algorithm),
            Set.of(SigningAlgorithm.ES256));
    return new Guard(
        metadata,
        TrustedIssuers.of(issuer),
        status,
        opaque,
        new MemoryDpopReplay(pair.clock),
        ScopeCoverage.EXACT,
        pair.clock);
  }

  /// Judges a call with this token.
  public Verdict call(String token) {
    var request =
        new GuardedRequest(
            "POST",
            URI.create(resource.value()),
            Optional.empty(),
            List.of("Bearer " + token),
            List.of());
    return guard.judge(request, needed);
  }

  @Override
  public void close() {
    stream.close();
  }
}
