package dev.lanyard.server.ras.match;

import dev.lanyard.protocol.idjag.SamlNameId;
import dev.lanyard.server.ras.organisations.NameIdRule;
import java.util.Map;
import java.util.Optional;

/// A SAML NameID in an export, as the provider would write it into `sub_id`.
///
/// @param value the value of `<NameID>`
/// @param said the other members that the export has a column for, by their names in `sub_id`; an
///   empty one is left out of the `sub_id`
public record ExportedNameId(String value, Map<String, String> said) {
  public ExportedNameId {
    said = Map.copyOf(said);
  }

  /// As an ID-JAG would have it. What the export has no column for is a matter of the connection
  /// and not of the person, and is taken to be what was agreed on.
  SamlNameId by(NameIdRule rule) {
    return new SamlNameId(
        member("issuer", Optional.of(rule.issuer())).orElse(""),
        value,
        member("nameid_format", rule.format()),
        member("name_qualifier", rule.nameQualifier()),
        member("sp_name_qualifier", rule.spNameQualifier()),
        Optional.empty());
  }

  private Optional<String> member(String name, Optional<String> agreed) {
    return said.containsKey(name)
        ? Optional.of(said.get(name)).filter(value -> !value.isEmpty())
        : agreed;
  }
}
