package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.ToldAddress;
import dev.lanyard.server.revocation.GroupChanges;
import dev.lanyard.server.revocation.ProfileChanges;
import dev.lanyard.server.revocation.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whom an upstream provider means: the person linked to its name space and subject, or a new one.
/// Never somebody of the same e-mail address or name (IDP-14, SEC-9).
public final class UpstreamPeople {
  private static final ToldAddress NONE = new ToldAddress.None(Optional.empty());

  private final String organisation;
  private final Directory directory;
  private final ProfileChanges profiles;
  private final GroupChanges groups;

  public UpstreamPeople(
      String organisation, Directory directory, ProfileChanges profiles, GroupChanges groups) {
    this.organisation = organisation;
    this.directory = directory;
    this.profiles = profiles;
    this.groups = groups;
  }

  public sealed interface Match {
    /// @param withheld what the provider says of them that is not taken, and why
    record Found(Person person, ExternalSubject subject, List<String> withheld) implements Match {}

    record Refused(Evidence evidence) implements Match {}
  }

  /// Makes of somebody who is known what the provider says of them now, and takes from them what
  /// policy does not give any more.
  public Match of(Introduction introduced, String correlationId) {
    var subject = new ExternalSubject(organisation, introduced.issuer(), introduced.subject());
    var known = directory.findLinked(subject);
    return known.isPresent()
        ? found(known.get(), introduced, subject, correlationId)
        : created(introduced, subject, correlationId);
  }

  private Match found(
      Person person, Introduction introduced, ExternalSubject subject, String correlationId) {
    var source = Source.of(Source.Kind.SIGN_IN, introduced.there().id()).within(organisation);
    var withheld = new ArrayList<String>();
    introduced.profile().address().reason().ifPresent(why -> withheld.add("address: " + why));
    profiles
        .say(
            person,
            new ProfileChanges.Statement(
                source, introduced.issuer(), introduced.ofWhoIsKnown(), introduced.saidAt()),
            correlationId)
        .withheld()
        .forEach(field -> withheld.add(field + ": somebody else's here"));
    return new Match.Found(
        withGroups(person, source, introduced, correlationId), subject, List.copyOf(withheld));
  }

  private Person withGroups(
      Person person, Source source, Introduction introduced, String correlationId) {
    introduced
        .groups()
        .map(theirs ->
            new GroupChanges.Statement(
                source,
                theirs,
                Optional.of(introduced.saidAt()),
                "the provider says other groups at a sign-in"))
        .ifPresent(said -> groups.say(person, said, correlationId));
    return directory.person(person.id()).orElse(person);
  }

  private Match created(Introduction introduced, ExternalSubject subject, String correlationId) {
    var linking = linking(introduced, introduced.userName(), subject);
    if (linking instanceof Linking.UserNameTaken && !mayBeKnown(introduced)) {
      linking = linking(introduced, introduced.markedName(), subject);
    }
    return switch (linking) {
      case Linking.Created(var one) -> found(one, introduced, subject, correlationId);
      case Linking.Linked(var one) -> found(one, introduced, subject, correlationId);
      case Linking.AlreadyLinked(var one) -> found(one, introduced, subject, correlationId);
      case Linking.MeantOtherwise() ->
          throw new IllegalStateException("somebody new is meant by nobody yet");
      case Linking.UserNameTaken() ->
          new Match.Refused(new Evidence("preferred_username", "free", "somebody else's", "SEC-9"));
    };
  }

  /// Whether whoever has the name may be the same person, whom an administrator or provisioning has
  /// entered: then only an administrator can tell. Whoever came from another provider, or is called
  /// so on a provider's word alone, is somebody else, and so is whoever had it before.
  private boolean mayBeKnown(Introduction introduced) {
    return directory
        .findByUserName(organisation, introduced.userName())
        .filter(Person::userNameGiven)
        .filter(holder -> !directory.isOthers(holder.id(), introduced.issuer()))
        .isPresent();
  }

  private Linking linking(Introduction introduced, String userName, ExternalSubject subject) {
    var told = introduced.profile();
    // One that is somebody's is judged as that of everybody who is known.
    var address =
        told.address() instanceof ToldAddress.Named named && directory.isFree(organisation, named)
            ? named
            : NONE;
    return directory.createLinked(
        new NewPerson(
            organisation,
            userName,
            address.address(),
            address.isVerified(),
            told.displayName().orElse(introduced.userName()),
            introduced.groups().orElse(Set.of())),
        subject);
  }
}
