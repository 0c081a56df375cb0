package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.securityevent.SecurityEventToken;
import dev.lanyard.protocol.securityevent.SecurityEventTokenValidator;
import dev.lanyard.protocol.securityevent.SignalVerdict;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.token.Platform;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/// A transmitter that an administrator has configured, ready to be listened to. Thread-safe.
final class EventSource {
  private final SourceConfig config;
  private final RemoteTransmitter transmitter;
  private final Optional<StreamAccess> access;
  private final SecurityEventTokenValidator validator;

  EventSource(SourceConfig config, Platform platform) {
    this.config = config;
    this.transmitter = new RemoteTransmitter(config.signer().issuer(), platform);
    this.access =
        config.stream()
            .map(stream ->
                new StreamAccess(
                    config.name(), stream.access(), platform.egress(), platform.clock()));
    var issuer = SourceKeys.trusted(config.signer(), platform, transmitter.keys());
    var terms =
        new SecurityEventTokenValidator.Terms(
            platform.skew(), EventReceiver.MAX_AGE, config.legacy());
    this.validator =
        new SecurityEventTokenValidator(issuer, config.audience(), terms, platform.clock());
  }

  SourceConfig config() {
    return config;
  }

  RemoteTransmitter transmitter() {
    return transmitter;
  }

  /// How we prove at its API who we are; empty if we keep no stream there.
  Optional<StreamAccess> access() {
    return access;
  }

  String name() {
    return config.name();
  }

  Source identity() {
    return Source.of(Source.Kind.SHARED_SIGNALS, config.name());
  }

  SignalVerdict<SecurityEventToken> judge(String compact) {
    return validator.judge(compact);
  }

  /// Whether a push comes with the `Authorization` that was agreed on, if one was.
  boolean authenticates(Request push) {
    return config.pushAuthorization().isEmpty()
        || push.header("Authorization")
            .filter(given -> isSame(config.pushAuthorization().get(), given))
            .isPresent();
  }

  private static boolean isSame(Secret expected, String given) {
    return MessageDigest.isEqual(
        expected.reveal().getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }
}
