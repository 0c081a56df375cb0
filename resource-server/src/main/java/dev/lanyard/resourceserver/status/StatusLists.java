package dev.lanyard.resourceserver.status;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.statuslist.StatusList;
import dev.lanyard.protocol.statuslist.StatusListToken;
import dev.lanyard.protocol.statuslist.StatusListValidator;
import dev.lanyard.protocol.statuslist.StatusListVerdict;
import dev.lanyard.protocol.statuslist.StatusReference;
import dev.lanyard.resourceserver.TokenStatus;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Looks tokens up in the status lists that they name, fetched without credentials and kept for as
/// long as each list allows, a minute at most. **A revoked token goes on working for up to that
/// long**: choose it where neither a [RevocationStream] nor [Introspection] can be had (TSL-5).
///
/// Fails closed: a list that cannot be had, or not be believed, is an outage; a token that names no
/// list, or an index beyond its end, is refused. Thread-safe.
///
/// @spec https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-20#section-8.3 Token
///   Status List draft-20 §8.3
public final class StatusLists implements TokenStatus {
  /// No list is kept longer, whatever it says: the time within which access must end (DPR-1).
  public static final Duration LONGEST_KEPT = Duration.ofSeconds(60);

  /// After a failed fetch nobody asks again for so long.
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final int MOST_LISTS = 1_000;

  private final TrustedIssuers issuers;
  private final EgressClient egress;
  private final StatusListValidator validator;
  private final InstantSource clock;
  private final Cache<Place, Kept> lists = Caffeine.newBuilder().maximumSize(MOST_LISTS).build();

  /// @param issuers the keys of the authorization servers, as the guard has them
  /// @param egress the only way out: a list's address stands in a token
  public StatusLists(TrustedIssuers issuers, EgressClient egress, InstantSource clock) {
    this.issuers = issuers;
    this.egress = egress;
    this.validator = new StatusListValidator(ClockSkew.DEFAULT, clock);
    this.clock = clock;
  }

  @Override
  public Status of(AccessToken accessToken, Secret token) {
    var reference = reference(accessToken);
    var issuer = issuers.find(accessToken.issuer());
    if (reference.isEmpty() || issuer.isEmpty()) {
      // Nobody could ever say that it died.
      return new Status.Revoked();
    }
    var list = reference.get().list();
    var kept = lists.get(new Place(accessToken.issuer(), list), _ignored -> new Kept());
    return switch (kept.current(list, issuer.get())) {
      case Fetched.Listed(var statuses) -> status(statuses, reference.get().index());
      case Fetched.Failed(var why) -> new Status.Unknown(why);
    };
  }

  /// A list as one issuer's: whether it can be believed depends on whose tokens name it.
  private record Place(Issuer issuer, URI list) {}

  private static Optional<StatusReference> reference(AccessToken token) {
    try {
      return StatusReference.of(token.all());
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /// Only one value means that a token counts, and whoever comes to know others later does not.
  private static Status status(StatusList statuses, long index) {
    return index < statuses.size() && statuses.get(index) == StatusList.VALID
        ? new Status.Active()
        : new Status.Revoked();
  }

  /// What came of asking for a list.
  private sealed interface Fetched {
    record Listed(StatusList statuses) implements Fetched {}

    record Failed(String why) implements Fetched {}
  }

  /// @param asked since when it counts: if that is in the future, the clock was set back and nobody
  ///   knows how old it is
  /// @param until when it has to be asked for anew
  private record Answer(Fetched fetched, Instant asked, Instant until) {
    boolean counts(Instant now) {
      return !now.isBefore(asked) && now.isBefore(until);
    }
  }

  /// One list.
  private final class Kept {
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile Optional<Answer> last = Optional.empty();

    Fetched current(URI list, TrustedIssuer issuer) {
      var known = usable();
      if (known.isPresent()) {
        return known.get();
      }
      fetching.lock();
      try {
        return usable()
            .orElseGet(() -> {
              var answer = fetch(list, issuer);
              last = Optional.of(answer);
              return answer.fetched();
            });
      } finally {
        fetching.unlock();
      }
    }

    private Optional<Fetched> usable() {
      return last.filter(answer -> answer.counts(clock.instant())).map(Answer::fetched);
    }

    private Answer fetch(URI list, TrustedIssuer issuer) {
      var asked = clock.instant();
      return switch (ask(list, issuer)) {
        case StatusListVerdict.Accepted(var token) ->
            new Answer(new Fetched.Listed(token.statuses()), asked, end(token, asked));
        case StatusListVerdict.Rejected(var evidence) ->
            failed("the status list cannot be believed: " + evidence, asked);
        case StatusListVerdict.Undecided(var why) -> failed("no status list: " + why, asked);
      };
    }

    private static Answer failed(String why, Instant asked) {
      return new Answer(new Fetched.Failed(why), asked, asked.plus(PAUSE));
    }

    private StatusListVerdict ask(URI list, TrustedIssuer issuer) {
      var request =
          new EgressRequest("GET", list, Map.of("Accept", StatusListToken.MEDIA_TYPE), "");
      return switch (egress.send(request)) {
        case EgressResult.Answered answer when answer.status() == 200 ->
            validator.judge(
                new String(answer.body(), StandardCharsets.US_ASCII).strip(), issuer, list);
        case EgressResult.Answered answer ->
            new StatusListVerdict.Undecided("answered " + answer.status());
        case EgressResult.Refused(var reason) -> new StatusListVerdict.Undecided(reason);
        case EgressResult.Failed(var reason) -> new StatusListVerdict.Undecided(reason);
      };
    }
  }

  private static Instant end(StatusListToken token, Instant asked) {
    var life = token.ttl().filter(ttl -> ttl.compareTo(LONGEST_KEPT) < 0).orElse(LONGEST_KEPT);
    var end = asked.plus(life);
    return token.expiresAt().filter(expiry -> expiry.isBefore(end)).orElse(end);
  }
}
