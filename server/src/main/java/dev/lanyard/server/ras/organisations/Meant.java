package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.idjag.SamlNameId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.directory.ExternalSubject;
import java.util.Optional;

/// Somebody, in the words of an issuer.
///
/// @param tenant the issuer's tenant, if it has several
/// @param subject `sub`
/// @param ownIdentifier our own identifier of the person, `aud_sub`
/// @param samlNameId `sub_id`
/// @param email an address that nobody has verified yet
public record Meant(
    Issuer issuer,
    Optional<String> tenant,
    String subject,
    Optional<String> ownIdentifier,
    Optional<SamlNameId> samlNameId,
    Optional<String> email) {

  /// Whom an accepted ID-JAG means.
  public static Meant by(IdJag idJag) {
    return new Meant(
        idJag.issuer(),
        idJag.tenant(),
        idJag.subject(),
        idJag.audienceSubject(),
        idJag.samlNameId(),
        idJag.email());
  }

  /// With several tenants at the issuer a subject is unique only together with its tenant (IDP-25).
  ExternalSubject externalSubject(String organisation) {
    return new ExternalSubject(
        organisation, issuer, tenant.map(one -> one + "\n" + subject).orElse(subject));
  }

  /// Only who says it: the rest is personal.
  @Override
  public String toString() {
    return "Meant[" + issuer + "]";
  }
}
