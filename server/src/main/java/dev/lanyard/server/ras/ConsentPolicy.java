package dev.lanyard.server.ras;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.ras.organisations.Organisations;
import dev.lanyard.server.ras.organisations.Organisations.Management;
import java.util.Optional;

/// Which people may decide by themselves what clients do for them, and how far: their organisations
/// say so. Whoever belongs to an organisation that has not said anything may not, because one
/// consent would go around everything that it has decided (AC-16).
///
/// Answers from memory, by the organisations as they are now. Thread-safe.
final class ConsentPolicy {
  private final Organisations organisations;

  ConsentPolicy(Organisations organisations) {
    this.organisations = organisations;
  }

  /// Why this person may not consent to anything, or not with this client.
  Optional<Evidence> refusal(Person person, ClientId client) {
    for (var management : organisations.managing(person)) {
      var refusal =
          switch (management) {
            case Management.Closed(var name, var standing) ->
                evidence("organisation", "open", name + " is " + standing);
            case Management.EmaOnly(var name) -> evidence("flows", "both", "ema-only at " + name);
            case Management.Both(var organisation) when !organisation.allows(client) ->
                evidence("client", "allowed by " + organisation.name(), client.value());
            case Management.Both _ -> Optional.<Evidence>empty();
          };
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  private static Optional<Evidence> evidence(String check, String expected, String actual) {
    return Optional.of(new Evidence(check, expected, actual, "AC-16"));
  }

  /// Of these scopes those that the person's organisations let them have.
  Scopes within(Person person, Scopes scopes) {
    var left = scopes;
    for (var management : organisations.managing(person)) {
      if (management instanceof Management.Both(var organisation)) {
        left = organisation.within(left);
      }
    }
    return left;
  }
}
