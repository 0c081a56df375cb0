package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.time.Duration;

/// The stream that we keep at a transmitter.
///
/// @param access how we prove there who we are
/// @param poll whether we fetch events; otherwise they are pushed
/// @param verifyEvery how often we ask for a sign of life
public record Subscription(Access access, boolean poll, Duration verifyEvery) {
  /// An hour.
  public static final Duration VERIFY_EVERY = Duration.ofHours(1);

  /// How we prove at a transmitter's API who we are.
  public sealed interface Access {}

  /// With a bearer token that was agreed on.
  public record Token(Secret token) implements Access {}

  /// With access tokens that we get as an OAuth client, by client credentials.
  public record Client(URI tokenEndpoint, ClientId id, Secret secret, Scopes scopes)
      implements Access {
    /// What the CAEP interoperability profile calls the rights to read and to manage a stream.
    public static final Scopes SCOPES = Scopes.of("ssf.manage", "ssf.read");
  }
}
