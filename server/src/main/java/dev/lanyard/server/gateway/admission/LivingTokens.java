package dev.lanyard.server.gateway.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.resourceserver.OpaqueTokenReader;
import dev.lanyard.resourceserver.TokenStatus;
import dev.lanyard.server.clients.AgentSubject;
import dev.lanyard.server.database.ChangeFeed;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.database.Freshness;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.revocation.Denial;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.OpaqueTokenStore;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Whether a token counts now, from what this node knows by the change feed: no question to anybody
/// for a call, and none is answered on old knowledge (RS-13). Thread-safe.
public final class LivingTokens implements TokenStatus, OpaqueTokenReader {
  /// Of opaque tokens the claims only, which never change.
  private static final int MOST_IN_MEMORY = 20_000;

  private final ResourceIndicator here;
  private final ChangeFeed changes;
  private final Directory directory;
  private final DenySet denied;
  private final OpaqueTokenStore opaque;
  private final Predicate<ClientId> agents;
  private final Cache<String, JsonObject> known =
      Caffeine.newBuilder().maximumSize(MOST_IN_MEMORY).build();

  /// @param here where they are to count, also if they are for more than this
  /// @param opaque what opaque tokens of the resource authorization server stand for
  public LivingTokens(
      ResourceIndicator here,
      ChangeFeed changes,
      Directory directory,
      DenySet denied,
      OpaqueTokenStore opaque,
      Predicate<ClientId> agents) {
    this.here = here;
    this.changes = changes;
    this.directory = directory;
    this.denied = denied;
    this.opaque = opaque;
    this.agents = agents;
  }

  @Override
  public Status of(AccessToken token, Secret secret) {
    return of(token);
  }

  /// Whether a token counts here now.
  public Status of(AccessToken token) {
    if (changes.freshness() instanceof Freshness.Stale(var since)) {
      return new Status.Unknown("nothing is known since " + since);
    }
    return isLive(token) ? new Status.Active() : new Status.Revoked();
  }

  private boolean isLive(AccessToken token) {
    return isLive(
        token,
        origins(token, token.issuedAt())
            .token(token.id())
            .grant(token.grant())
            .session(text(token, "sid")));
  }

  /// From when what is begun with a token is.
  public static Begun begunWith(AccessToken token) {
    return new Begun(token.issuedAt(), text(token, "idp"));
  }

  /// Whether nothing has killed meanwhile what the bearer of a token has begun here then, with
  /// whatever token they had: by the word of the provider of then, if that is known.
  public boolean isLive(AccessToken token, Begun begun) {
    var origins = origins(token, begun.at());
    return isLive(
        token, begun.provider().isPresent() ? origins.provider(begun.provider()) : origins);
  }

  private Origins origins(AccessToken token, Instant at) {
    return Origins.accessToken(token.subject(), at)
        .provider(text(token, "idp"))
        .client(token.issuer(), token.client())
        .resources(places(token));
  }

  /// Who somebody is now; empty for a client that acts for itself.
  public Optional<Person> person(String subject) {
    return AgentSubject.isOne(subject) ? Optional.empty() : directory.person(new PersonId(subject));
  }

  private boolean isLive(AccessToken token, Origins origins) {
    if (AgentSubject.isOne(token.subject())) {
      return agents.test(token.client()) && denied.denial(origins).isEmpty();
    }
    return directory
        .person(new PersonId(token.subject()))
        .filter(Person::active)
        .filter(person -> denied.denial(origins.organisation(person.organisation())).isEmpty())
        .isPresent();
  }

  private static Optional<String> text(AccessToken token, String claim) {
    try {
      return token.all().string(claim);
    } catch (MalformedException e) {
      throw new IllegalStateException("an access token of our own with an odd " + claim, e);
    }
  }

  private List<ResourceIndicator> places(AccessToken token) {
    try {
      return Stream.concat(
              token.all().stringOrStrings("aud").orElseThrow().stream().map(ResourceIndicator::new),
              Stream.of(here))
          .distinct()
          .toList();
    } catch (MalformedException e) {
      throw new IllegalStateException("an access token of our own with an odd audience", e);
    }
  }

  @Override
  public Reading read(Secret token) {
    var hash = OpaqueToken.hash(token);
    var remembered = known.getIfPresent(hash);
    if (remembered != null) {
      return new Reading.Described(remembered);
    }
    try {
      var found = opaque.find(token);
      found.ifPresent(claims -> known.put(hash, claims));
      return found.<Reading>map(Reading.Described::new).orElseGet(Reading.Inactive::new);
    } catch (DatabaseException e) {
      return new Reading.Unknown("the record does not answer");
    }
  }

  @Override
  public boolean onNews(Consumer<News> listener) {
    denied.onArrival(arrived -> about(arrived).ifPresent(listener));
    return true;
  }

  /// Of what is about many the tokens are not named: an organisation is the person's of now, and
  /// who stops one does so seldom.
  private static Optional<News> about(List<Denial> arrived) {
    var names = new HashSet<String>();
    for (var denial : arrived) {
      var what = denial.denied();
      switch (what.kind()) {
        case PERSON, SESSION, GRANT, TOKEN -> names.add(name(what));
        case CLIENT, CONNECTOR, ISSUER, ORGANISATION, ALL -> {
          return Optional.of(new News.AboutAll());
        }
        // They end no access token.
        case SIGN_IN, ASSERTION -> {}
      }
    }
    return names.isEmpty() ? Optional.empty() : Optional.of(new News.About(names));
  }

  @Override
  public Set<String> namesOf(AccessToken token) {
    return Stream.of(
            Optional.of(Denied.person(token.subject())),
            Optional.of(Denied.token(token.id())),
            token.grant().map(Denied::grant),
            text(token, "sid").map(Denied::session))
        .flatMap(Optional::stream)
        .map(LivingTokens::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String name(Denied what) {
    return what.kind() + " " + what.value();
  }
}
