package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.idjag.SamlNameId;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.EmailMatch;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.OwnBroker;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.ras.organisations.SubjectDecision.Known;
import dev.lanyard.server.ras.organisations.SubjectDecision.Nobody;
import dev.lanyard.server.ras.organisations.SubjectDecision.Somebody;
import dev.lanyard.server.ras.organisations.SubjectDecision.ToCreate;
import dev.lanyard.server.ras.organisations.SubjectDecision.ToLink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds the person of ours whom an issuer means, in the order of RAS-9: the link of `iss` and
/// `sub`; our own identifier in `aud_sub`; a SAML NameID of a tied provider; an e-mail address that
/// the issuer may speak for; a new person. Identifiers that contradict each other mean nobody.
///
/// Of our own broker it is the person of this directory whom `sub` names, and nobody else (decision
/// 143).
///
/// Deciding and writing are two steps, so that what redemption would do can be told beforehand.
public final class SubjectResolution {
  private static final String LINK = "link";

  /// By their id, which our own broker signs.
  private static final String OWN = "own";

  private final Directory directory;

  public SubjectResolution(Directory directory) {
    this.directory = directory;
  }

  /// Who it is in the end.
  public sealed interface Resolution {
    record Found(Known known) implements Resolution {}

    record NotFound(Evidence evidence) implements Resolution {}
  }

  /// Writes what was decided: a link or a person, once for each subject. If another request has
  /// written meanwhile whom the subject means, it is they, whom the decision was not about.
  public Resolution write(Somebody decided) {
    return switch (decided) {
      case Known known -> new Resolution.Found(known);
      case ToLink(var person, var subject, var how, var onlyFirst) ->
          result(
              onlyFirst
                  ? directory.linkFirst(person.id(), subject)
                  : directory.link(person.id(), subject),
              how);
      case ToCreate create ->
          result(directory.createLinked(create.person(), create.subject()), create.how());
    };
  }

  private static Resolution result(Linking linking, String how) {
    return switch (linking) {
      case Linking.Linked(var person) -> new Resolution.Found(new Known(person, how));
      case Linking.Created(var person) -> new Resolution.Found(new Known(person, how));
      case Linking.AlreadyLinked(var person) -> new Resolution.Found(new Known(person, LINK));
      case Linking.MeantOtherwise() -> new Resolution.NotFound(meantOtherwise(how));
      case Linking.UserNameTaken() -> new Resolution.NotFound(userNameTaken());
    };
  }

  /// Somebody whom another identifier than `sub` names.
  ///
  /// @param recyclable whether the issuer may give the identifier to somebody else one day
  private record Named(String how, Person person, boolean recyclable) {}

  /// Decides and writes nothing.
  ///
  /// @param organisation that of the issuer
  /// @param people how the issuer's subjects become people
  public SubjectDecision decide(Meant meant, String organisation, Matching people) {
    var subject = meant.externalSubject(organisation);
    var named = new ArrayList<Named>();
    var fault =
        ownIdentifier(meant, subject, named).or(() -> nameId(meant, people, subject, named));
    if (fault.isPresent()) {
      return new Nobody(fault.get());
    }
    var own = directory.own().broker().filter(one -> one.issuer().equals(meant.issuer()));
    var linked = own.isPresent() ? ours(own.get(), meant, subject) : directory.findLinked(subject);
    var contradiction = contradiction(linked, named);
    if (contradiction.isPresent()) {
      return new Nobody(contradiction.get());
    }
    if (linked.isPresent()) {
      return new Known(linked.get(), own.isPresent() ? OWN : LINK);
    }
    if (own.isPresent()) {
      return nobody("sub", "a person of the organisation, of whom our broker speaks", "none");
    }
    return named.isEmpty() ? byEmail(meant, people, subject) : toLink(named.getFirst(), subject);
  }

  /// Whom our own broker means: a person of this directory, under whatever address, and never a
  /// second one beside them. A second one of an earlier release who was switched off since is them
  /// as well, and they get nothing.
  private Optional<Person> ours(OwnBroker own, Meant meant, ExternalSubject subject) {
    return directory
        .own()
        .person(own, meant.subject())
        .filter(one -> one.organisation().equals(subject.organisation()))
        .map(one -> directory.own().switchedOff(subject).orElse(one));
  }

  /// Why somebody who was found may do nothing here all the same, whatever their provider says
  /// (RAS-11).
  public static Optional<Evidence> fault(Person person) {
    return person.active()
        ? Optional.empty()
        : Optional.of(new Evidence("person", "active", "disabled", "RAS-11"));
  }

  private static Optional<Evidence> contradiction(Optional<Person> linked, List<Named> named) {
    for (var one : named) {
      var other =
          linked
              .or(() -> Optional.of(named.getFirst().person()))
              .filter(person -> !person.id().equals(one.person().id()));
      if (other.isPresent()) {
        return Optional.of(
            evidence(one.how(), "the person of the other identifiers", "another person"));
      }
    }
    return Optional.empty();
  }

  private Optional<Evidence> ownIdentifier(
      Meant meant, ExternalSubject subject, List<Named> named) {
    if (meant.ownIdentifier().isEmpty()) {
      return Optional.empty();
    }
    var own = meant.ownIdentifier().get();
    var person =
        PersonId.parse(own)
            .flatMap(directory::person)
            .filter(one -> one.organisation().equals(subject.organisation()));
    person.ifPresent(one -> named.add(new Named("aud_sub", one, false)));
    return person.isPresent()
        ? Optional.empty()
        : Optional.of(evidence("aud_sub", "a person of the organisation", own));
  }

  private Optional<Evidence> nameId(
      Meant meant, Matching people, ExternalSubject subject, List<Named> named) {
    if (people.nameId().isEmpty()) {
      return Optional.empty();
    }
    var rule = people.nameId().get();
    var tied = meant.samlNameId().filter(rule::ties);
    var person =
        tied.flatMap(
            one -> holder(one, rule.means(), people, subject.organisation(), meant.subject()));
    person.ifPresent(one -> named.add(new Named("sub_id", one, true)));
    if (person.isPresent() || !rule.required()) {
      return Optional.empty();
    }
    var actual =
        tied.isPresent()
            ? "a NameID of nobody"
            : meant.samlNameId().isPresent() ? "not tied" : "none";
    return Optional.of(new Evidence("sub_id", "a NameID of " + rule.issuer(), actual, "RAS-10"));
  }

  private Optional<Person> holder(
      SamlNameId nameId,
      NameIdRule.Means means,
      Matching people,
      String organisation,
      String subject) {
    return switch (means) {
      case USER_NAME ->
          directory
              .findByUserName(organisation, nameId.nameId())
              // One that a provider told may be of anybody who has chosen it beforehand.
              .filter(one -> one.provenUserName().isPresent())
              .filter(
                  one -> !directory.wasAnothersUserName(organisation, nameId.nameId(), one.id()));
      case EMAIL ->
          people.isAuthoritativeFor(nameId.nameId())
                  && owned(directory.findByEmail(organisation, nameId.nameId()), subject)
                      instanceof EmailMatch.One(var person)
                  && !directory.wasAnothers(organisation, nameId.nameId(), person.id())
              ? Optional.of(person)
              : Optional.empty();
    };
  }

  /// Whose an address is here. An account at which it was never verified may be of anybody who has
  /// called themselves so beforehand; it is theirs only if the issuer also means them by our own
  /// id, as a broker of this directory does.
  private static EmailMatch owned(EmailMatch holders, String subject) {
    return switch (holders) {
      case EmailMatch.None none -> none;
      case EmailMatch.One(var person) -> EmailMatch.of(owned(List.of(person), subject));
      case EmailMatch.Several(var several) -> EmailMatch.of(owned(several, subject));
    };
  }

  private static List<Person> owned(List<Person> holders, String subject) {
    return holders.stream()
        .filter(person -> person.emailVerified() || person.id().value().equals(subject))
        .toList();
  }

  private SubjectDecision byEmail(Meant meant, Matching people, ExternalSubject subject) {
    // An address that the issuer may not speak for is not even kept (SEC-9).
    var email = meant.email().filter(people::isAuthoritativeFor);
    if (email.isEmpty() || !people.linkByEmail()) {
      return created(meant, people, subject, email);
    }
    // Looked for once: somebody whom another request creates meanwhile must not turn up in between.
    var holders = directory.findByEmail(subject.organisation(), email.get());
    return switch (owned(holders, meant.subject())) {
      case EmailMatch.One(var person) -> linkedByEmail(person, email.get(), subject);
      case EmailMatch.None() when holders instanceof EmailMatch.None ->
          created(meant, people, subject, email);
      case EmailMatch.None() ->
          // It may be the same person, and only an administrator can tell.
          unlessLinkedMeanwhile(
              subject,
              nobody(
                  "email",
                  "an address that is verified here",
                  "of an account that never proved it"));
      case EmailMatch.Several(var several) ->
          nobody("email", "one person", several.size() + " people share the address");
    };
  }

  private SubjectDecision linkedByEmail(Person person, String email, ExternalSubject subject) {
    return directory.wasAnothers(subject.organisation(), email, person.id())
        ? nobody("email", "an address that was nobody else's", "another person's before")
        : toLink(new Named("email", person, true), subject);
  }

  /// An address and a user name are given to a new employee one day: whoever the issuer already
  /// knows under another subject is not this one.
  private SubjectDecision toLink(Named named, ExternalSubject subject) {
    var person = named.person();
    if (!named.recyclable() || !directory.isLinkedTo(person.id(), subject.issuer())) {
      return new ToLink(person, subject, named.how(), named.recyclable());
    }
    // Another request may have linked this very subject since it was looked for.
    return directory
        .findLinked(subject)
        .filter(linked -> linked.id().equals(person.id()))
        .<SubjectDecision>map(linked -> new Known(linked, LINK))
        .orElseGet(() -> new Nobody(meantOtherwise(named.how())));
  }

  private static Evidence meantOtherwise(String how) {
    return evidence(how, "a person without a link to this issuer", "linked to another sub");
  }

  private SubjectDecision created(
      Meant meant, Matching people, ExternalSubject subject, Optional<String> email) {
    if (!people.createPeople()) {
      return nobody("sub", "a known person", "unknown, and people are not created");
    }
    var userName =
        email
            .filter(one -> !directory.wasUserName(subject.organisation(), one))
            .orElse(meant.subject());
    if (userName.length() > NewPerson.LONGEST) {
      return nobody("sub", "up to " + NewPerson.LONGEST + " characters", "longer");
    }
    if (!NewPerson.isShowable(userName)) {
      return nobody("sub", "a name", "one with control characters");
    }
    if (userName.isBlank()) {
      return nobody("sub", "a name", "blank");
    }
    return directory.findByUserName(subject.organisation(), userName).isPresent()
        ? unlessLinkedMeanwhile(subject, new Nobody(userNameTaken()))
        : new ToCreate(
            new NewPerson(subject.organisation(), userName, email, userName, Set.of()), subject);
  }

  /// Another request may have created the very person since the subject was looked for.
  private SubjectDecision unlessLinkedMeanwhile(ExternalSubject subject, Nobody otherwise) {
    return directory
        .findLinked(subject)
        .<SubjectDecision>map(person -> new Known(person, LINK))
        .orElse(otherwise);
  }

  private static Evidence userNameTaken() {
    return evidence("sub", "a free user name", "somebody else's");
  }

  private static Nobody nobody(String check, String expected, String actual) {
    return new Nobody(evidence(check, expected, actual));
  }

  private static Evidence evidence(String check, String expected, String actual) {
    return new Evidence(check, expected, actual, "RAS-9");
  }
}
