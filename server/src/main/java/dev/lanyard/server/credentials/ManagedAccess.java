package dev.lanyard.server.credentials;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenResponse;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.credentials.CredentialsConfig.Way;
import dev.lanyard.server.credentials.UpstreamGrant.Basis;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.flight.SingleFlight;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/// The access tokens that people have at servers of others by Enterprise-Managed Authorization:
/// obtained when a call needs one, kept in the record so that a kill finds them, renewed ahead of
/// their end. Thread-safe.
///
/// What was obtained under one sign-in is used under no other: a server may have wanted a better
/// one than the next call has. Nor is what was obtained for some scopes of the caller's used for
/// others, where the configuration translates them.
///
/// **Does not check** whether the person may use the connector of the call, or lives: whoever asks
/// has judged both for this very call.
final class ManagedAccess {
  /// After so long policy is asked again, whatever the server says.
  private static final Duration LONGEST = Duration.ofHours(1);

  private static final String NOTHING_ASKED =
      "Your application has none of the scopes that lead to anything there. Have it connect again.";

  /// So long a no is a no, and an outage an outage: a caller that does not stop costs nobody much.
  private static final Duration REFUSED_FOR = Duration.ofMinutes(1);

  private static final Duration UNAVAILABLE_FOR = Duration.ofSeconds(10);

  /// Longer than it takes to obtain one.
  private static final Duration LEASE = Duration.ofSeconds(30);

  /// So long calls that have just been given a token may take until they show it.
  private static final Duration LAST_CALLS = Duration.ofSeconds(10);

  /// A server that refuses a token so soon after it gave it would refuse the next as well.
  private static final Duration TOO_YOUNG = Duration.ofMinutes(1);

  private final Database database;
  private final GrantTable grants;
  private final Redeeming redeeming;
  private final Function<Way.Managed, Deaths> deaths;
  private final InstantSource clock;
  private final SingleFlight<Key, Presented> flights = new SingleFlight<>();
  private final Cache<Key, Remembered> refusals = Caffeine.newBuilder().maximumSize(20_000).build();

  ManagedAccess(
      Database database,
      GrantTable grants,
      Redeeming redeeming,
      Function<Way.Managed, Deaths> deaths,
      InstantSource clock) {
    this.database = database;
    this.grants = grants;
    this.redeeming = redeeming;
    this.deaths = deaths;
    this.clock = clock;
  }

  private record Key(String person, String connector, Basis basis) {
    static Key of(Person person, String connector, Way.Managed managed, ForWhom who) {
      var signIn =
          JsonObject.builder()
              .putIfPresent("session", who.session())
              .putIfPresent("scope", managed.translatedScopes())
              .build()
              .with(who.authentication().toJson());
      return new Key(
          person.id().value(),
          connector,
          Basis.managed(OpaqueToken.hash(new Secret(signIn.toJson())), who.session()));
    }
  }

  private record Remembered(Presented answer, Instant until) {}

  /// One wish.
  ///
  /// @param former what is there already, fresh or not
  /// @param inTheWay what is in its place and cannot be used
  private record Errand(
      Key key,
      Way.Managed managed,
      Person person,
      ForWhom who,
      Optional<UpstreamGrant> former,
      Optional<UpstreamGrant> inTheWay) {}

  Presented of(String connector, Way.Managed managed, Person person, ForWhom who) {
    return managed
        .askedFor(who.scopes())
        .map(asked -> having(connector, asked, person, who))
        .orElseGet(() -> new Presented.Missing(NOTHING_ASKED));
  }

  private Presented having(String connector, Way.Managed managed, Person person, ForWhom who) {
    var key = Key.of(person, connector, managed, who);
    var now = clock.instant();
    var found = found(key);
    var held = found.filter(grant -> isOfUse(grant, managed));
    var inTheWay = held.isPresent() ? Optional.<UpstreamGrant>empty() : found;
    var errand = new Errand(key, managed, person, who, held, inTheWay);
    if (held.filter(grant -> grant.isFresh(now)).isPresent()) {
      return bearer(held.get());
    }
    var refused =
        Optional.ofNullable(refusals.getIfPresent(key)).filter(one -> now.isBefore(one.until()));
    if (held.filter(grant -> grant.isGood(now)).isPresent()) {
      // It serves until its end; one of all that call meanwhile sees to the next.
      return refused.isPresent()
              || !database.write(connection ->
                  grants.lease(connection, held.get(), database.lease(connection, now, LEASE)))
          ? bearer(held.get())
          : flights.of(key, () -> obtained(errand));
    }
    return refused.isPresent() ? refused.get().answer() : flights.of(key, () -> obtained(errand));
  }

  private Optional<UpstreamGrant> found(Key key) {
    return database.read(
        connection -> grants.live(connection, key.person(), key.connector(), key.basis()));
  }

  /// Not what was another server's, or ours under another name, or what a kill has missed.
  private boolean isOfUse(UpstreamGrant grant, Way.Managed managed) {
    return grant.issuer().equals(managed.vendor().issuer())
        && grant.client().equals(managed.vendor().client())
        && deaths.apply(managed).isAlive(grant);
  }

  private static Presented bearer(UpstreamGrant grant) {
    return Wallet.bearer(grant);
  }

  private Presented obtained(Errand errand) {
    var since = deaths.apply(errand.managed()).dated(errand.person());
    return switch (redeeming.of(errand.managed(), errand.who())) {
      case Redeeming.Outcome.Given(var tokens) -> kept(errand, tokens, since);
      case Redeeming.Outcome.Unwanted(var tokens, var why) -> {
        var grant = grant(errand, tokens, since);
        var ending = new Ending("never used: " + why, errand.who().correlationId(), since);
        database.write(connection -> {
          grants.strayed(connection, grant.renamed(), ending);
          AuditLog.append(connection, event(errand, Outcome.FAULT, "the server gave " + why));
          return grant;
        });
        yield unavailable(errand, "the server gave " + why);
      }
      case Redeeming.Outcome.Refused(var ours, var error) -> refused(errand, ours, error);
      case Redeeming.Outcome.StepUp(var ours, var needed) -> stepUp(errand, ours, needed);
      case Redeeming.Outcome.Unavailable(var why) -> {
        new AuditLog(database).append(event(errand, Outcome.FAULT, why));
        yield unavailable(errand, why);
      }
    };
  }

  private Presented unavailable(Errand errand, String why) {
    remember(errand.key(), new Presented.Unavailable(why), UNAVAILABLE_FOR);
    return errand
        .former()
        .filter(grant -> grant.isGood(clock.instant()))
        .map(ManagedAccess::bearer)
        .orElseGet(() -> new Presented.Unavailable(why));
  }

  /// Whoever is refused a new one keeps no old one.
  private Presented refused(Errand errand, boolean ours, String error) {
    // A token of the caller's that died just now says nothing about the next, nor about what others
    // of theirs have under way.
    boolean isOfToken = ours && error.equals("invalid_grant");
    var ending =
        new Ending("refused: " + error, errand.who().correlationId(), clock.instant(), !isOfToken);
    database.write(connection -> {
      AuditLog.append(
          connection, event(errand, Outcome.REFUSED, (ours ? "our broker: " : "") + error));
      if (errand.former().isPresent()) {
        grants.endOne(connection, errand.former().get().id(), ending);
      }
      return ending;
    });
    var answer =
        new Presented.Missing(
            ours
                ? "Your roles do not let the gateway in there for you. If you need it for your"
                    + " work, please ask your administrator."
                : "The server does not let you in there (%s). Please ask your administrator."
                    .formatted(error));
    if (!isOfToken) {
      remember(errand.key(), answer, REFUSED_FOR);
    }
    return answer;
  }

  private Presented stepUp(Errand errand, boolean ours, SignInNeeded needed) {
    if (needed.isMetBy(errand.who().authentication(), clock.instant())) {
      return refused(errand, ours, "insufficient_user_authentication");
    }
    new AuditLog(database)
        .append(event(errand, Outcome.REFUSED, "a better sign-in is needed: " + needed));
    var good = errand.former().filter(grant -> grant.isGood(clock.instant()));
    var answer = new Presented.StepUp(needed);
    remember(errand.key(), answer, REFUSED_FOR);
    return good.map(ManagedAccess::bearer).orElse(answer);
  }

  private void remember(Key key, Presented answer, Duration life) {
    refusals.put(key, new Remembered(answer, clock.instant().plus(life)));
  }

  private UpstreamGrant grant(Errand errand, TokenResponse tokens, Instant since) {
    var now = clock.instant();
    var vendor = errand.managed().vendor();
    var expiresAt = tokens.expiresIn().map(now::plus);
    // A refresh token, which no server should give here, outlives it and has no end that we know.
    var livesUntil = expiresAt.filter(_ -> tokens.refreshToken().isEmpty());
    var longest = now.plus(LONGEST);
    return new UpstreamGrant(
        errand.former().map(UpstreamGrant::id).orElseGet(OpaqueToken::identifier),
        errand.key().person(),
        errand.key().connector(),
        vendor.issuer(),
        vendor.client(),
        tokens.scopes().orElse(vendor.scopes()),
        Tokens.of(tokens, Optional.empty(), vendor.secret()),
        0,
        expiresAt.filter(end -> end.isBefore(longest)).or(() -> Optional.of(longest)),
        livesUntil,
        since,
        now,
        errand.key().basis());
  }

  private Presented kept(Errand errand, TokenResponse tokens, Instant since) {
    var fresh = grant(errand, tokens, since);
    var correlationId = errand.who().correlationId();
    var kept = database.write(connection -> firstKept(connection, errand, fresh));
    var held = kept.or(() -> found(errand.key()).filter(grant -> isOfUse(grant, errand.managed())));
    if (held.isEmpty()
        || !deaths.apply(errand.managed()).mayStay(fresh.person(), since, errand.who().session())) {
      var ending = new Ending("killed", correlationId, clock.instant());
      var id = kept.orElse(fresh).id();
      database.write(connection -> grants.endOne(connection, id, ending));
      return new Presented.Missing("Your access has just been taken back.");
    }
    refusals.invalidate(errand.key());
    return bearer(held.get());
  }

  /// Of two nodes that were asked for the same, one is first; what the other has got is revoked, as
  /// is what came for somebody who was killed meanwhile.
  private Optional<UpstreamGrant> firstKept(
      Connection connection, Errand errand, UpstreamGrant fresh) throws SQLException {
    var correlationId = errand.who().correlationId();
    var now = clock.instant();
    if (errand.inTheWay().isPresent()) {
      grants.endOne(
          connection,
          errand.inTheWay().get().id(),
          new Ending("of no use any more", correlationId, now));
    }
    var kept = inPlace(connection, errand, fresh);
    if (kept.isPresent()) {
      AuditLog.append(connection, event(errand, Outcome.SUCCESS, kept.get().id()));
    } else {
      grants.strayed(connection, fresh.renamed(), new Ending("came too late", correlationId, now));
    }
    return kept;
  }

  private Optional<UpstreamGrant> inPlace(Connection connection, Errand errand, UpstreamGrant fresh)
      throws SQLException {
    var mine = fresh;
    if (errand.former().isPresent()) {
      var former = errand.former().get();
      if (grants.renewed(connection, former, fresh)) {
        endFormer(connection, errand, former, fresh);
        return Optional.of(fresh);
      }
      if (grants.isInPlace(connection, former.id())) {
        return Optional.empty();
      }
      // Its time was over, and the sweep has found it meanwhile: nobody was faster.
      mine = fresh.renamed();
    }
    return grants.keepFirst(connection, mine) ? Optional.of(mine) : Optional.empty();
  }

  /// A former token is in no row any more, so no kill would find it.
  private void endFormer(
      Connection connection, Errand errand, UpstreamGrant former, UpstreamGrant fresh)
      throws SQLException {
    // A server may give the same token again, and would end it.
    boolean isSame = former.tokens().access().equals(fresh.tokens().access());
    if (!isSame && former.outlives(fresh.renewedAt())) {
      var ending = new Ending("renewed", errand.who().correlationId(), fresh.renewedAt());
      grants.strayed(connection, former.renamed(), ending, LAST_CALLS);
    }
  }

  /// The MCP server has refused the token: another is obtained before the next call, unless it is
  /// so young that a new one would be refused as well.
  void refused(String connector, Way.Managed managed, Person person, ForWhom who) {
    managed.askedFor(who.scopes()).ifPresent(asked -> distrust(connector, asked, person, who));
  }

  private void distrust(String connector, Way.Managed managed, Person person, ForWhom who) {
    var now = clock.instant();
    var key = Key.of(person, connector, managed, who);
    database.write(connection -> {
      var grant = grants.live(connection, key.person(), connector, key.basis());
      if (grant.filter(one -> one.renewedAt().plus(TOO_YOUNG).isBefore(now)).isPresent()) {
        grants.distrust(connection, grant.get(), now);
      }
      return key;
    });
  }

  private AuditEvent event(Errand errand, Outcome outcome, String detail) {
    var evidence =
        JsonObject.builder()
            .put("connector", errand.key().connector())
            .put("issuer", errand.managed().vendor().issuer().value())
            .put("resource", errand.managed().resource().value())
            .put(outcome == Outcome.SUCCESS ? "grant" : "detail", detail)
            .build();
    return AuditEvent.of(
            "upstream.obtain", outcome, clock.instant(), errand.who().correlationId(), evidence)
        .withOrganisation(errand.person().organisation())
        .withPerson(errand.key().person());
  }
}
