package dev.lanyard.server.authorization;

import dev.lanyard.protocol.claims.Evidence;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Origins;
import java.time.Instant;
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

  /// Where something comes from.
  ///
  /// @param person for whom it was issued
  /// @param issuedAt when
  /// @param session in which session
  /// @param family with which sign-in at a client
  /// @param client to which client
  /// @param provider on whose word, where it has no session of ours that would know
  public record Origin(
      String person,
      Instant issuedAt,
      Optional<String> session,
      Optional<String> family,
      ClientId client,
      Optional<Issuer> provider) {

    /// Something of our own.
    public Origin(
        String person,
        Instant issuedAt,
        Optional<String> session,
        Optional<String> family,
        ClientId client) {
      this(person, issuedAt, session, family, client, Optional.empty());
    }
  }

  public sealed interface Life {
    record Live(Person person) implements Life {}

    record Dead(Evidence evidence, Optional<Person> person) implements Life {}
  }

  public Life of(Origin origin) {
    var person = directory.person(new PersonId(origin.person()));
    if (person.isEmpty()) {
      return dead("person", "known", "unknown", person);
    }
    if (!person.get().active()) {
      return dead("person", "active", "disabled", person);
    }
    var denial = denial(origin, person.get());
    return denial.isPresent()
        ? dead(denial.get().kind().name().toLowerCase(Locale.ROOT), "live", "revoked", person)
        : new Life.Live(person.get());
  }

  private Optional<Denied> denial(Origin origin, Person person) {
    return denied.denial(
        Origins.signIn(origin.person(), origin.issuedAt())
            .session(origin.session())
            .grant(origin.family())
            .provider(origin.provider().map(Issuer::value))
            .client(self, origin.client())
            .organisation(person.organisation()));
  }

  /// Who would be live if everything were not stopped at this moment; nobody, if anything else has
  /// made it dead. For the door by which that is lifted, and for nothing else. **Does not know**
  /// whether everything was stopped, and lifted, before: whoever asks looks into the record.
  public Optional<Person> heldByTheStopAlone(Origin origin) {
    return directory
        .person(new PersonId(origin.person()))
        .filter(Person::active)
        .filter(_ -> denied.isEverythingDenied())
        // Of several the one that is about everything comes last.
        .filter(person -> denial(origin, person).equals(Optional.of(Denied.all())));
  }

  /// What has made it dead, if anything has.
  public Optional<Evidence> death(Origin origin) {
    return of(origin) instanceof Life.Dead(var evidence, _)
        ? Optional.of(evidence)
        : Optional.empty();
  }

  private static Life dead(String check, String expected, String actual, Optional<Person> person) {
    return new Life.Dead(new Evidence(check, expected, actual, "IDP-42"), person);
  }
}
