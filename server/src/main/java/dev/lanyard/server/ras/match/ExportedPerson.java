package dev.lanyard.server.ras.match;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.ras.organisations.Meant;
import java.util.Optional;

/// Somebody in an export of an identity provider.
///
/// @param line where in the file, from 1
/// @param subject `sub`, as the provider would write it into an ID-JAG
/// @param ownIdentifier `aud_sub`
public record ExportedPerson(
    int line,
    String subject,
    Optional<String> tenant,
    Optional<String> ownIdentifier,
    Optional<String> email) {

  /// What an ID-JAG about them would say.
  Meant by(Issuer issuer) {
    return new Meant(issuer, tenant, subject, ownIdentifier, Optional.empty(), email);
  }

  /// Only where: the rest is personal.
  @Override
  public String toString() {
    return "ExportedPerson[line " + line + "]";
  }
}
