package dev.lanyard.server.authorization;

import dev.lanyard.protocol.claims.Evidence;
import dev.lanyard.protocol.idtoken.IdToken;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.revocation.GroupChanges;
import dev.lanyard.server.revocation.Source;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whom an upstream provider means: the person linked to its `iss` and `sub`, or a new one. Never
/// somebody of the same e-mail address or name (IDP-14, SEC-9).
final class UpstreamPeople {
  private final String organisation;
  private final Directory directory;
  private final GroupChanges changes;

  UpstreamPeople(String organisation, Directory directory, GroupChanges changes) {
    this.organisation = organisation;
    this.directory = directory;
    this.changes = changes;
  }

  sealed interface Match {
    record Found(Person person, ExternalSubject subject) implements Match {}

    record Refused(Evidence evidence) implements Match {}
  }

  /// May write to the directory, and takes from a person what a group gave that they have lost.
  Match of(IdToken idToken, UpstreamConfig upstream, String correlationId) {
    try {
      var subject = new ExternalSubject(organisation, idToken.issuer(), subject(idToken, upstream));
      var said =
          groups(idToken, upstream)
              .map(groups ->
                  new GroupChanges.Statement(
                      Source.of(Source.Kind.SIGN_IN, upstream.id()).within(organisation),
                      groups,
                      Optional.of(idToken.issuedAt()),
                      "the provider says other groups at a sign-in"));
      var known = directory.findLinked(subject);
      return known.isPresent()
          ? new Match.Found(withGroups(known.get(), said, correlationId), subject)
          : created(idToken, subject, said, correlationId);
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

  private Person withGroups(
      Person person, Optional<GroupChanges.Statement> said, String correlationId) {
    said.ifPresent(one -> changes.say(person, one, correlationId));
    return directory.person(person.id()).orElse(person);
  }

  private Match created(
      IdToken idToken,
      ExternalSubject subject,
      Optional<GroupChanges.Statement> said,
      String correlationId)
      throws MalformedException {
    var userName =
        idToken.all().string("preferred_username").or(idToken::email).orElse(idToken.subject());
    var displayName = idToken.all().string("name").orElse(userName);
    var groups = said.map(GroupChanges.Statement::groups).orElse(Set.of());
    var person = new NewPerson(organisation, userName, idToken.email(), displayName, groups);
    return switch (directory.createLinked(person, subject)) {
      case Linking.Created(var one) ->
          new Match.Found(withGroups(one, said, correlationId), subject);
      case Linking.Linked(var one) ->
          new Match.Found(withGroups(one, said, correlationId), subject);
      case Linking.AlreadyLinked(var one) ->
          new Match.Found(withGroups(one, said, correlationId), subject);
      case Linking.UserNameTaken() ->
          new Match.Refused(new Evidence("preferred_username", "free", "somebody else's", "SEC-9"));
    };
  }
}
