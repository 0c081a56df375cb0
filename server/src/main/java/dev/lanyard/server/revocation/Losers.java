package dev.lanyard.server.revocation;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.catalog.Catalog;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.policy.AccessRequest;
import dev.lanyard.server.policy.Decision;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.sessions.LiveGrant;
import dev.lanyard.server.sessions.LiveGrants;
import dev.lanyard.server.sessions.Redemption;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/// Which live grants policy would not give any more. Only those may be revoked: a client that loses
/// a token for nothing asks its user to sign in again.
///
/// Judged are grants on ID-JAGs of our own broker; what other issuers allow their people is theirs.
public final class Losers {
  private final LiveGrants grants;
  private final Directory directory;
  private final Supplier<Policy> policy;
  private final Supplier<Catalog> catalog;
  private final WhosePeople people;
  private final Issuer broker;

  /// @param people to whom the broker gives something
  /// @param broker the issuer whose decisions these were
  public Losers(
      LiveGrants grants,
      Directory directory,
      Supplier<Policy> policy,
      Supplier<Catalog> catalog,
      WhosePeople people,
      Issuer broker) {
    this.grants = grants;
    this.directory = directory;
    this.policy = policy;
    this.catalog = catalog;
    this.people = people;
    this.broker = broker;
  }

  /// The grants of these people that are lost, expired and revoked ones left out as far as known.
  List<LiveGrant> among(Collection<PersonId> people, Instant now) {
    return grants.of(people.stream().map(PersonId::value).toList(), now).stream()
        .filter(grant -> isLost(grant, now))
        .toList();
  }

  /// Whether policy would not give this grant now, to the person as they are now.
  public boolean isLost(LiveGrant live, Instant now) {
    if (!live.issuer().equals(broker)) {
      return false;
    }
    // An audience that is not told our session keeps its grants under the person whom it has found,
    // which is the same one if it finds its people here.
    var signedIn = live.signIn().map(LiveGrant.SignIn::person).orElse(live.grant().person());
    var person = directory.person(new PersonId(signedIn)).filter(Person::active);
    var client = live.grant().origin().client();
    // What cannot be judged is not given.
    return person.isEmpty()
        || client.isEmpty()
        || !isGiven(live, person.get(), new ClientId(client.get()), now);
  }

  private boolean isGiven(LiveGrant live, Person person, ClientId client, Instant now) {
    var grant = live.grant();
    var connector = grant.resources().stream().findFirst().flatMap(catalog.get()::byResource);
    if (connector.isEmpty()) {
      return false;
    }
    var access =
        new AccessRequest(
            people.member(person),
            client,
            connector.get().authorizationServer(),
            grant.resources(),
            grant.scopes(),
            grant.details(),
            live.signIn()
                .map(LiveGrant.SignIn::authentication)
                .orElse(AuthenticationContext.UNKNOWN),
            now);
    return policy.get().decide(access.askedAt(asked(grant))) instanceof Decision.Permit permit
        && permit.resources().containsAll(grant.resources())
        && permit.scopes().containsAll(grant.scopes())
        && permit.details().all().containsAll(grant.details().all());
  }

  /// Conditions are about the moment of asking, of which the sign-in had its age and the clock its
  /// hour: time alone takes no token away.
  private static Instant asked(Redemption.Grant grant) {
    return grant
        .origin()
        .assertedAt()
        .filter(asserted -> asserted.isBefore(grant.issuedAt()))
        .orElse(grant.issuedAt());
  }
}
