package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.oauth.Secret;
import java.time.Duration;
import java.util.Optional;

/// A transmitter of security events that we listen to.
///
/// @param audience what it calls us
/// @param legacy whether it writes events as before 1.0 (SSF-5)
/// @param pushAuthorization the whole `Authorization` header that its pushes must have
/// @param stream how we keep a stream there; empty if an administrator set it up by hand
/// @param silence after how long without a sign of life an alarm is raised
public record SourceConfig(
    String name,
    Signer signer,
    String audience,
    Trust trust,
    boolean legacy,
    Optional<Secret> pushAuthorization,
    Optional<Subscription> stream,
    Duration silence) {
  /// A day.
  public static final Duration SILENCE = Duration.ofHours(24);
}
