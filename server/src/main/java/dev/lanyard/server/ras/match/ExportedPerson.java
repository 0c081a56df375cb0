package dev.lanyard.server.ras.match;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.idjag.Reason;
import dev.lanyard.server.ras.organisations.IdentityProvider;
import dev.lanyard.server.ras.organisations.Meant;
import java.util.Optional;

/// Somebody in an export of an identity provider.
///
/// @param line where in the file, from 1
/// @param subject `sub`, as the provider would write it into an ID-JAG
/// @param tenant empty where the export does not say: then it is the one that is accepted
/// @param ownIdentifier `aud_sub`
/// @param nameId `sub_id`
public record ExportedPerson(
    int line,
    String subject,
    Optional<String> tenant,
    Optional<String> ownIdentifier,
    Optional<ExportedNameId> nameId,
    Optional<String> email) {

  /// What an ID-JAG of a provider about them would say.
  Meant by(IdentityProvider provider) {
    return new Meant(
        provider.issuer(),
        tenant.or(provider::tenant),
        subject,
        ownIdentifier,
        provider.people().nameId().flatMap(rule -> nameId.map(one -> one.by(rule))),
        email);
  }

  /// Why an ID-JAG about them would not be looked at any further (RAS-20).
  Optional<Evidence> fault(IdentityProvider provider) {
    return tenant.isEmpty() || tenant.equals(provider.tenant())
        ? Optional.empty()
        : Optional.of(new Reason.WrongTenant(provider.tenant(), tenant).evidence());
  }

  /// Only where: the rest is personal.
  @Override
  public String toString() {
    return "ExportedPerson[line " + line + "]";
  }
}
