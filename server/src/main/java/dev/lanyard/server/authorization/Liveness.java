package dev.lanyard.server.authorization;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Origins;
import java.util.Locale;
import java.util.Optional;

/// Whether what was issued for a person still counts *now*, however long it would live by itself
/// (IDP-42). Asked before every decision; answers from memory.
public final class Liveness {
  private final Directory directory;
  private final DenySet denied;
  private final Issuer self;

  Liveness(Directory directory, DenySet denied, Issuer self) {
    this.directory = directory;
    this.denied = denied;
    this.self = self;
  }

  public sealed interface Life {
    record Live(Person person) implements Life {}

    record Dead(Evidence evidence, Optional<Person> person) implements Life {}
  }

  /// @param origins what it descends from, with the client that it was issued to; the rest that a
  ///   kill may be about is known here
  public Life of(Origins origins) {
    var person = directory.person(new PersonId(origins.person()));
    if (person.isEmpty()) {
      return dead("person", "known", "unknown", person);
    }
    if (!person.get().active()) {
      return dead("person", "active", "disabled", person);
    }
    var denial = denial(origins, person.get());
    return denial.isPresent()
        ? dead(denial.get().kind().name().toLowerCase(Locale.ROOT), "live", "revoked", person)
        : new Life.Live(person.get());
  }

  private Optional<Denied> denial(Origins origins, Person person) {
    return denied.denial(origins.at(self).organisation(person.organisation()));
  }

  /// Who would be live if everything were not stopped at this moment; nobody, if anything else has
  /// made it dead. For the door by which that is lifted, and for nothing else. **Does not know**
  /// whether everything was stopped, and lifted, before: whoever asks looks into the record.
  public Optional<Person> heldByTheStopAlone(Origins origins) {
    return directory
        .person(new PersonId(origins.person()))
        .filter(Person::active)
        .filter(_ -> denied.isEverythingDenied())
        // Of several the one that is about everything comes last.
        .filter(person -> denial(origins, person).equals(Optional.of(Denied.all())));
  }

  /// What has made it dead, if anything has.
  public Optional<Evidence> death(Origins origins) {
    return of(origins) instanceof Life.Dead(var evidence, _)
        ? Optional.of(evidence)
        : Optional.empty();
  }

  private static Life dead(String check, String expected, String actual, Optional<Person> person) {
    return new Life.Dead(new Evidence(check, expected, actual, "IDP-42"), person);
  }
}
