package dev.lanyard.server.broker;

import dev.lanyard.protocol.claims.Evidence;
import dev.lanyard.protocol.idtoken.IdToken;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whom an upstream provider means: the person linked to its `iss` and `sub`, or a new one. Never
/// somebody of the same e-mail address or name (IDP-14, SEC-9).
final class UpstreamPeople {
  private final String organisation;
  private final Directory directory;

  UpstreamPeople(String organisation, Directory directory) {
    this.organisation = organisation;
    this.directory = directory;
  }

  sealed interface Match {
    record Found(Person person) implements Match {}

    record Refused(Evidence evidence) implements Match {}
  }

  /// May write to the directory.
  Match of(IdToken idToken, UpstreamConfig upstream) {
    try {
      var subject = new ExternalSubject(organisation, idToken.issuer(), subject(idToken, upstream));
      var groups = groups(idToken, upstream);
      var known = directory.findLinked(subject);
      return known.isPresent()
          ? new Match.Found(withGroups(known.get(), groups))
          : created(idToken, subject, groups.orElse(Set.of()));
    } catch (MalformedException e) {
      return new Match.Refused(
          new Evidence("id_token", "claims of their types", e.getMessage(), "IDP-43"));
    }
  }

  private static String subject(IdToken idToken, UpstreamConfig upstream)
      throws MalformedException {
    return upstream.subjectClaim().equals(UpstreamConfig.SUB)
        ? idToken.subject()
        : idToken.all().nonEmptyString(upstream.subjectClaim());
  }

  /// The groups that the provider says; empty if it is not configured to say any.
  private static Optional<Set<String>> groups(IdToken idToken, UpstreamConfig upstream)
      throws MalformedException {
    return upstream.groupsClaim().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new HashSet<>(
                idToken.all().stringOrStrings(upstream.groupsClaim().get()).orElse(List.of())));
  }

  private Person withGroups(Person person, Optional<Set<String>> groups) {
    if (groups.isPresent() && !groups.get().equals(person.groups())) {
      return directory.putGroups(person.id(), groups.get()).orElse(person);
    }
    return person;
  }

  private Match created(IdToken idToken, ExternalSubject subject, Set<String> groups)
      throws MalformedException {
    var userName =
        idToken.all().string("preferred_username").or(idToken::email).orElse(idToken.subject());
    var displayName = idToken.all().string("name").orElse(userName);
    var person = new NewPerson(organisation, userName, idToken.email(), displayName, groups);
    return switch (directory.createLinked(person, subject)) {
      case Linking.Created(var one) -> new Match.Found(one);
      case Linking.Linked(var one) -> new Match.Found(one);
      case Linking.AlreadyLinked(var one) -> new Match.Found(one);
      case Linking.UserNameTaken() ->
          new Match.Refused(new Evidence("preferred_username", "free", "somebody else's", "SEC-9"));
    };
  }
}
