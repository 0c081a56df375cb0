package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.claims.Evidence;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.revocation.GroupChanges;
import dev.lanyard.server.revocation.Source;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whom an upstream provider means: the person linked to its name space and subject, or a new one.
/// Never somebody of the same e-mail address or name (IDP-14, SEC-9).
public final class UpstreamPeople {
  private final String organisation;
  private final Directory directory;
  private final GroupChanges changes;

  public UpstreamPeople(String organisation, Directory directory, GroupChanges changes) {
    this.organisation = organisation;
    this.directory = directory;
    this.changes = changes;
  }

  public sealed interface Match {
    /// @param withheld what the provider says of them that is not taken, and why
    record Found(Person person, ExternalSubject subject, List<String> withheld)
        implements Match {}

    record Refused(Evidence evidence) implements Match {}
  }

  /// May write to the directory, and takes from a person what a group gave that they have lost.
  public Match of(Introduction introduced, String correlationId) {
    var subject = new ExternalSubject(organisation, introduced.issuer(), introduced.subject());
    var known = directory.findLinked(subject);
    return known.isPresent()
        ? found(known.get(), introduced, subject, correlationId)
        : created(introduced, subject, correlationId);
  }

  private Match found(
      Person person, Introduction introduced, ExternalSubject subject, String correlationId) {
    return new Match.Found(
        withGroups(person, introduced, correlationId),
        subject,
        introduced.profile().email().reason().map(why -> "address: " + why).stream().toList());
  }

  private Person withGroups(Person person, Introduction introduced, String correlationId) {
    introduced
        .groups()
        .map(groups ->
            new GroupChanges.Statement(
                Source.of(Source.Kind.SIGN_IN, introduced.there().session().id())
                    .within(organisation),
                groups,
                Optional.of(introduced.saidAt()),
                "the provider says other groups at a sign-in"))
        .ifPresent(said -> changes.say(person, said, correlationId));
    return directory.person(person.id()).orElse(person);
  }

  private Match created(Introduction introduced, ExternalSubject subject, String correlationId) {
    var profile = introduced.profile();
    var person =
        new NewPerson(
            organisation,
            profile.userName(),
            profile.email().address(),
            profile.email().isVerified(),
            profile.displayName(),
            introduced.groups().orElse(Set.of()));
    return switch (directory.createLinked(person, subject)) {
      case Linking.Created(var one) ->
          found(one, introduced, subject, correlationId);
      case Linking.Linked(var one) ->
          found(one, introduced, subject, correlationId);
      case Linking.AlreadyLinked(var one) ->
          found(one, introduced, subject, correlationId);
      case Linking.MeantOtherwise() ->
          throw new IllegalStateException("somebody new is meant by nobody yet");
      case Linking.UserNameTaken() ->
          new Match.Refused(new Evidence("preferred_username", "free", "somebody else's", "SEC-9"));
    };
  }
}
