package dev.lanyard.server.ras;

import dev.lanyard.protocol.claims.Evidence;
import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.EmailMatch;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.ras.Organisations.Member;
import java.util.Optional;
import java.util.Set;

/// Finds the person of ours whom an ID-JAG means, in the order of RAS-9: the link of `iss` and
/// `sub`; our own identifier in `aud_sub`; an e-mail address that the issuer may speak for; a new
/// person. Identifiers that contradict each other mean nobody.
final class SubjectResolution {
  private static final PersonIds PERSON_IDS = new PersonIds();

  private final Directory directory;

  SubjectResolution(Directory directory) {
    this.directory = directory;
  }

  sealed interface Resolution {
    /// @param how by which identifier
    record Found(Person person, String how) implements Resolution {}

    record Nobody(Evidence evidence) implements Resolution {}
  }

  /// May write a link or a person; that happens once for each subject.
  Resolution of(IdJag idJag, Member member) {
    var subject =
        new ExternalSubject(member.organisation().name(), idJag.issuer(), subjectOf(idJag));
    var linked = directory.findLinked(subject);
    if (idJag.audienceSubject().isPresent()) {
      return byOwnIdentifier(idJag.audienceSubject().get(), subject, linked);
    }
    if (linked.isPresent()) {
      return new Resolution.Found(linked.get(), "link");
    }
    return byEmail(idJag, member, subject);
  }

  /// With several tenants at the issuer a subject is unique only together with its tenant (IDP-25).
  private static String subjectOf(IdJag idJag) {
    return idJag.tenant().map(tenant -> tenant + "\n" + idJag.subject()).orElse(idJag.subject());
  }

  private Resolution byOwnIdentifier(String own, ExternalSubject subject, Optional<Person> linked) {
    var named =
        PERSON_IDS
            .parse(own)
            .flatMap(directory::person)
            .filter(person -> person.organisation().equals(subject.organisation()));
    if (named.isEmpty()) {
      return nobody("aud_sub", "a person of the organisation", own);
    }
    if (linked.isPresent() && !linked.get().id().equals(named.get().id())) {
      return nobody("aud_sub", "the person linked to sub", "another person");
    }
    return linked.isPresent()
        ? new Resolution.Found(linked.get(), "link")
        : result(directory.link(named.get().id(), subject), "aud_sub");
  }

  private Resolution byEmail(IdJag idJag, Member member, ExternalSubject subject) {
    var matching = member.provider().people();
    // An address that the issuer may not speak for is not even kept (SEC-9).
    var email = idJag.email().filter(matching::isAuthoritativeFor);
    if (email.isEmpty() || !matching.linkByEmail()) {
      return created(idJag, member, subject, email);
    }
    return switch (directory.findByEmail(subject.organisation(), email.get())) {
      case EmailMatch.One(var person) -> linkedByEmail(person, subject);
      case EmailMatch.None() -> created(idJag, member, subject, email);
      case EmailMatch.Several(var people) ->
          nobody("email", "one person", people + " people share the address");
    };
  }

  /// An address is given to a new employee one day: whoever the issuer already knows under another
  /// subject is not this one.
  private Resolution linkedByEmail(Person person, ExternalSubject subject) {
    return directory.isLinkedTo(person.id(), subject.issuer())
        ? nobody("email", "a person without a link to this issuer", "linked to another sub")
        : result(directory.link(person.id(), subject), "email");
  }

  private Resolution created(
      IdJag idJag, Member member, ExternalSubject subject, Optional<String> email) {
    if (!member.provider().people().createPeople()) {
      return nobody("sub", "a known person", "unknown, and people are not created");
    }
    var userName = email.orElse(idJag.subject());
    if (userName.length() > NewPerson.LONGEST) {
      return nobody("sub", "up to " + NewPerson.LONGEST + " characters", "longer");
    }
    var person = new NewPerson(subject.organisation(), userName, email, userName, Set.of());
    return result(directory.createLinked(person, subject), "created");
  }

  private static Resolution result(Linking linking, String how) {
    return switch (linking) {
      case Linking.Linked(var person) -> new Resolution.Found(person, how);
      case Linking.Created(var person) -> new Resolution.Found(person, how);
      case Linking.AlreadyLinked(var person) -> new Resolution.Found(person, "link");
      case Linking.UserNameTaken() -> nobody("sub", "a free user name", "somebody else's");
    };
  }

  private static Resolution nobody(String check, String expected, String actual) {
    return new Resolution.Nobody(new Evidence(check, expected, actual, "RAS-9"));
  }

  /// Reads our own identifiers when somebody else wrote them.
  private static final class PersonIds {
    Optional<PersonId> parse(String value) {
      return value.matches("[A-Za-z0-9_-]{1,64}")
          ? Optional.of(new PersonId(value))
          : Optional.empty();
    }
  }
}
