package dev.lanyard.server.directory;

import dev.lanyard.protocol.oauth.Issuer;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// The broker of this installation: who signs in there is a person of this directory, and whoever
/// it means by a subject is that very person (decision 143).
///
/// @param organisation whose people sign in there
/// @param tenants by which it calls itself in front of resource authorization servers
/// @param names what it calls people there
public record OwnBroker(Issuer issuer, String organisation, Set<String> tenants, Names names) {
  public OwnBroker {
    tenants = Set.copyOf(tenants);
  }

  /// A broker that calls people by their ids, for questions about one of them by their id.
  public static OwnBroker byId(Issuer issuer, String organisation) {
    return new OwnBroker(
        issuer,
        organisation,
        Set.of(),
        new Names() {
          @Override
          public Optional<String> idOf(String subject) {
            return Optional.of(subject);
          }

          @Override
          public Set<String> of(PersonId person) {
            return Set.of(person.value());
          }
        });
  }

  /// Under which names people are known at resource authorization servers.
  public interface Names {
    /// The id of whoever is called so; it may be nobody's.
    ///
    /// @param subject untrusted
    Optional<String> idOf(String subject);

    /// Everything that a person may be called.
    Set<String> of(PersonId person);
  }

  /// The id that a subject names, with or without its tenant.
  Optional<PersonId> person(String subject) {
    return names.idOf(subject.substring(subject.lastIndexOf('\n') + 1)).flatMap(PersonId::parse);
  }

  /// By which subjects a link may mean a person.
  Set<String> subjects(PersonId person) {
    var called = names.of(person);
    var subjects = new LinkedHashSet<>(called);
    for (var name : called) {
      tenants.forEach(tenant -> subjects.add(tenant + "\n" + name));
    }
    return subjects;
  }
}
