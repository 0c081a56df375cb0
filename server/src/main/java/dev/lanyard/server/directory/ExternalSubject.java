package dev.lanyard.server.directory;

import dev.lanyard.protocol.oauth.Issuer;

/// Somebody as an issuer outside names them, as one of our organisations knows that issuer.
///
/// @param organisation the organisation that trusts the issuer: the same issuer may serve several
/// @param subject `sub`, compared byte for byte
public record ExternalSubject(String organisation, Issuer issuer, String subject) {
  /// Not the subject: it is personal.
  @Override
  public String toString() {
    return "ExternalSubject[" + organisation + ", " + issuer + "]";
  }
}
