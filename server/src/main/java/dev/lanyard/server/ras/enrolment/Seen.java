package dev.lanyard.server.ras.enrolment;

import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;

/// What an issuer shows of itself. None of it is trusted: whoever controls a URL can write it.
public sealed interface Seen {
  /// Its metadata, which names it byte for byte, and the keys that it publishes, as far as they can
  /// be used here.
  record Shown(AuthorizationServerMetadata metadata, PublicKeySet keys) implements Seen {}

  /// It could not be had, for this reason.
  record Hidden(String reason) implements Seen {}
}
