package dev.lanyard.server.pair;

import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.resourceserver.Guard;
import dev.lanyard.resourceserver.GuardedRequest;
import dev.lanyard.resourceserver.MemoryDpopReplay;
import dev.lanyard.resourceserver.Requirement;
import dev.lanyard.resourceserver.Verdict;
import dev.lanyard.resourceserver.status.EventFeed;
import dev.lanyard.resourceserver.status.FeedConfig;
import dev.lanyard.resourceserver.status.Introspection;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An MCP server with our library, which follows the event feed of a [Pair].
public final class Following implements AutoCloseable {
  public final EventFeed feed;
  private final Guard guard;

  /// @param port where the resource authorization server is, or a [Cable] to it
  /// @param client of the resource server there
  public Following(Pair pair, int port, String client, Duration staleAfter) {
    var issuer =
        new TrustedIssuer(
            pair.ras(),
            (keyId, algorithm) -> pair.rasKeys.published().find(keyId, algorithm),
            Set.of(SigningAlgorithm.ES256));
    this.feed =
        EventFeed.open(
            new FeedConfig(
                URI.create("http://127.0.0.1:" + port + "/events/streams"),
                new BasicCredentials(new ClientId(client), World.clientSecret()),
                staleAfter,
                FeedConfig.DEFAULT_TOKEN_LIFE),
            issuer,
            Introspection.http(List.of()),
            pair.clock);
    this.guard =
        new Guard(
            new ProtectedResourceMetadata(World.LINEAR, pair.ras(), Scopes.of("issues.read")),
            TrustedIssuers.of(issuer),
            feed,
            new MemoryDpopReplay(pair.clock),
            pair.clock);
  }

  /// Judges a call with this token.
  public Verdict call(String token) {
    var request =
        new GuardedRequest(
            "POST",
            URI.create(World.LINEAR.value()),
            Optional.empty(),
            List.of("Bearer " + token),
            List.of());
    return guard.judge(request, Requirement.scopes("issues.read"));
  }

  @Override
  public void close() {
    feed.close();
  }
}
