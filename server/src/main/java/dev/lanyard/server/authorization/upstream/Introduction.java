package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.ToldAddress;
import dev.lanyard.server.directory.ToldProfile;
import dev.lanyard.server.sessions.Session;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// What a provider upstream has proved and said of somebody who signed in there.
///
/// @param issuer in whose name space the subject is
/// @param subject by which it means the person, for ever
/// @param profile what it says of them
/// @param groups all groups that it says they are in; empty if it is not configured to say any
/// @param saidAt when it said so, by its clock
/// @param authentication when and how they signed in there
/// @param there the session at the provider, on which stands what begins here
public record Introduction(
    Issuer issuer,
    String subject,
    ToldProfile profile,
    Optional<Set<String>> groups,
    Instant saidAt,
    AuthenticationContext authentication,
    Session.Upstream there) {

  public Introduction {
    groups = groups.map(Set::copyOf);
  }

  /// The same, said to another application: providers tell each what it needs, so an address that
  /// is missing there is not gone.
  public Introduction saidToAnother() {
    return profile.address().equals(new ToldAddress.None(Optional.empty()))
        ? new Introduction(
            issuer,
            subject,
            new ToldProfile(profile.userName(), new ToldAddress.Unsaid(), profile.displayName()),
            groups,
            saidAt,
            authentication,
            there)
        : this;
  }

  /// What is said of somebody who is known. Where no address is said, a name that is one could not
  /// be judged, and they are called by the subject: then they keep the name that they have.
  ToldProfile ofWhoIsKnown() {
    return profile.address() instanceof ToldAddress.Unsaid
            && profile
                .userName()
                .filter(name -> name.equals(subject) || name.equals(markedName()))
                .isPresent()
        ? new ToldProfile(Optional.empty(), profile.address(), profile.displayName())
        : profile;
  }

  /// What the person is called if they are new here.
  String userName() {
    return profile
        .userName()
        .orElseGet(() -> subject.length() <= NewPerson.LONGEST ? subject : markedName());
  }

  /// What they are called if that is somebody else's.
  String markedName() {
    return AddressRule.marked(subject, there.id());
  }
}
