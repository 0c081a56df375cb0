package dev.lanyard.client.flow;

import dev.lanyard.client.Access;
import dev.lanyard.client.Access.Granted;
import dev.lanyard.client.AccessEvents;
import dev.lanyard.client.AccessEvents.Occasion;
import dev.lanyard.client.AccessSource;
import dev.lanyard.client.Denial;
import dev.lanyard.client.HeldToken;
import dev.lanyard.client.Hint;
import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.oauth.AccessTokenType;
import dev.lanyard.protocol.oauth.BearerError;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;

/// Access in memory, whatever the way to it: keeps tokens, renews them before they expire, replaces
/// what a server has refused, asks for more when a server demands more, and gives up when that is
/// in vain.
///
/// A token goes to no other server than the one that it was issued for. Thread-safe; of concurrent
/// calls for one server one obtains the token and the others wait for it, calls for different
/// servers go side by side as far as their [Obtaining] lets them.
public final class HeldAccess implements AccessSource {
  private final Supplier<String> user;
  private final Obtaining obtaining;
  private final Optional<DpopSigner> dpop;
  private final AccessEvents events;
  private final HeldTokens tokens;
  private final FailedDemands failed;
  private final Map<URI, String> nonces = new ConcurrentHashMap<>();
  private final Map<ResourceIndicator, ReentrantLock> trips = new ConcurrentHashMap<>();

  /// Read by every trip, written by whoever signs out; always taken before any other lock.
  private final ReentrantReadWriteLock signingOut = new ReentrantReadWriteLock();

  /// @param user whom it acts for: tokens never pass from one to another (CLI-37)
  /// @param dpop with the key that tokens are bound to
  public HeldAccess(
      Supplier<String> user,
      Obtaining obtaining,
      Optional<DpopSigner> dpop,
      AccessEvents events,
      InstantSource clock) {
    this.user = user;
    this.obtaining = obtaining;
    this.dpop = dpop;
    this.events = events;
    this.tokens = new HeldTokens(clock);
    this.failed = new FailedDemands(clock);
  }

  @Override
  public Access accessTo(URI server, Hint hint) {
    var resource = new ResourceIndicator(server.toString());
    if (hint.equals(Hint.NONE)) {
      var kept = tokens.live(user.get(), resource);
      if (kept.isPresent()) {
        return new Granted(kept.get());
      }
    }
    var outcome =
        alone(
            resource,
            () -> hint.forbidden() ? forbidden(resource, hint) : demanded(resource, hint));
    tell(resource, outcome);
    return outcome.access();
  }

  /// @param trip empty if none was made for it
  private record Outcome(Access access, Optional<Trip> trip) {
    static Outcome without(Access access) {
      return new Outcome(access, Optional.empty());
    }
  }

  /// A trip to the authorization servers that is over.
  private record Trip(Occasion occasion, Duration took) {}

  /// Without the locks: whoever is told may want access to another server, whose trip tells of
  /// itself, and wants access to this one.
  private void tell(ResourceIndicator server, Outcome outcome) {
    outcome
        .trip()
        .ifPresent(trip ->
            events.obtained(
                URI.create(server.value()), trip.occasion(), outcome.access(), trip.took()));
  }

  private <T> T alone(ResourceIndicator server, Supplier<T> call) {
    var own = trips.computeIfAbsent(server, absent -> new ReentrantLock());
    signingOut.readLock().lock();
    try {
      own.lock();
      try {
        return call.get();
      } finally {
        own.unlock();
      }
    } finally {
      signingOut.readLock().unlock();
    }
  }

  /// The token is good, and no other would do: unless there is another meanwhile.
  private Outcome forbidden(ResourceIndicator resource, Hint hint) {
    var kept = tokens.live(user.get(), resource);
    return kept.isPresent() && hint.refused().equals(kept.map(HeldToken::value))
        ? Outcome.without(
            new Access.Denied(kept.get().issuer(), byServer(hint.said(), "forbidden")))
        : anew(resource, hint);
  }

  /// What was refused for the same demand a little while ago is not asked for again.
  private Outcome demanded(ResourceIndicator resource, Hint hint) {
    var demand = new FailedDemands.Demand(user.get(), resource, hint.needed(), hint.signIn());
    var recent = failed.recent(demand);
    if (recent.isPresent()) {
      return Outcome.without(recent.get());
    }
    var before = tokens.live(demand.user(), resource);
    var outcome =
        inVain(demand, hint, before).map(Outcome::without).orElseGet(() -> anew(resource, hint));
    boolean demands = hint.refused().isPresent() || !demand.isForAnyToken();
    if (demands
        && outcome.access() instanceof Granted(var token)
        && !before.equals(Optional.of(token))) {
      failed.answered(demand, token.value());
    }
    if (outcome.access() instanceof Access.Denied denied && !demand.isForAnyToken()) {
      failed.remember(demand, denied);
    }
    return outcome;
  }

  /// Whether the token that is refused has all that the server demands: a better one there is not.
  private Optional<Access> inVain(
      FailedDemands.Demand demand, Hint hint, Optional<HeldToken> held) {
    var refused = held.filter(token -> hint.refused().equals(Optional.of(token.value())));
    if (!demand.needed().isEmpty() && demand.signIn().isEmpty()) {
      return refused
          .filter(token -> token.scopes().containsAll(demand.needed()))
          .map(token -> new Access.Denied(token.issuer(), insufficientScope()));
    }
    return refused
        .filter(token -> failed.isInVain(demand, token.value()))
        .map(token ->
            new Access.Denied(
                token.issuer(), byServer(hint.said(), BearerError.INVALID_TOKEN.value())));
  }

  private Outcome anew(ResourceIndicator resource, Hint hint) {
    var person = user.get();
    var before = tokens.live(person, resource);
    hint.refused().ifPresent(token -> tokens.forget(person, resource, token));
    // Somebody else may have obtained it while we waited.
    var kept =
        tokens
            .live(person, resource)
            .filter(token -> token.scopes().containsAll(hint.needed()))
            .filter(token -> hint.signIn().isEmpty() || hint.refused().isPresent());
    return kept.isPresent()
        ? Outcome.without(new Granted(kept.get()))
        : obtain(
            new Wanted(resource, hint, before.map(HeldToken::scopes).orElse(Scopes.NONE), true),
            occasion(hint, before.isPresent()));
  }

  private static Occasion occasion(Hint hint, boolean hadOne) {
    if (hint.signIn().isPresent()) {
      return Occasion.SIGN_IN;
    }
    if (!hint.needed().isEmpty()) {
      return Occasion.MORE_SCOPES;
    }
    return hadOne ? Occasion.REFUSED : Occasion.NEEDED;
  }

  private Outcome obtain(Wanted wanted, Occasion occasion) {
    long began = System.nanoTime();
    var access = kept(wanted.server(), wanted.hint(), obtaining.obtain(wanted));
    var took = Duration.ofNanos(System.nanoTime() - began);
    return new Outcome(access, Optional.of(new Trip(occasion, took)));
  }

  /// A token without what the operation needs would only be refused again.
  private Access kept(ResourceIndicator server, Hint hint, Access access) {
    if (!(access instanceof Granted(var token))) {
      return access;
    }
    tokens.put(user.get(), server, token);
    return token.scopes().containsAll(hint.needed())
        ? access
        : new Access.Denied(token.issuer(), insufficientScope());
  }

  @Override
  public Map<String, String> headersFor(URI server, String method, URI url) {
    var resource = new ResourceIndicator(server.toString());
    var kept = tokens.live(user.get(), resource);
    if (kept.isEmpty() || !url.equals(server)) {
      return Map.of();
    }
    if (tokens.takeRenewal(user.get(), resource)) {
      Thread.ofVirtual().name("access-renewal").start(() -> renewAhead(resource, kept.get()));
    }
    var headers = new LinkedHashMap<String, String>();
    headers.put("Authorization", kept.get().authorization());
    if (kept.get().type() == AccessTokenType.DPOP) {
      var signer = dpop.orElseThrow();
      var nonce = Optional.ofNullable(nonces.get(server));
      headers.put("DPoP", signer.proof(method, url, nonce, kept.get().value()));
    }
    return headers;
  }

  /// In the background, so that no call waits for it, and without the person; the old token serves
  /// until the new one is there. What fails is tried again by a later call, and at the latest when
  /// the token has expired.
  private void renewAhead(ResourceIndicator server, HeldToken old) {
    alone(server, () -> renewedAhead(server, old)).ifPresent(outcome -> tell(server, outcome));
  }

  private Optional<Outcome> renewedAhead(ResourceIndicator server, HeldToken old) {
    if (!tokens.live(user.get(), server).equals(Optional.of(old))) {
      return Optional.empty();
    }
    var same = Hint.NONE.suggesting(old.scopes());
    return Optional.of(obtain(new Wanted(server, same, old.scopes(), false), Occasion.AHEAD));
  }

  /// The server granted less than the operation needs.
  private static Denial insufficientScope() {
    return new Denial(BearerError.INSUFFICIENT_SCOPE.value(), Optional.empty(), Optional.empty());
  }

  /// The MCP server refuses a token that was granted for it.
  ///
  /// @param said the error that it named
  /// @param otherwise the error where it named none
  private static Denial byServer(Optional<Denial> said, String otherwise) {
    var error = said.map(Denial::error).orElse(otherwise);
    var reason = said.flatMap(Denial::description).map(text -> ": " + text).orElse("");
    return new Denial(
        error, Optional.of("the MCP server refuses the token" + reason), Optional.empty());
  }

  @Override
  public void useNonce(URI server, String nonce) {
    nonces.put(server, nonce);
  }

  /// Signs out: forgets everything. Waits for what is being obtained, also for a person who is
  /// asked to sign in, so that nothing of it survives; nothing more is obtained until it is over.
  ///
  /// @param revoking is given the tokens that were held: revokes them, and forgets what others
  ///   could be obtained with
  /// @return what it returns
  /// @throws IllegalStateException on a thread that is obtaining access
  public <T> T signOut(Function<Collection<HeldToken>, T> revoking) {
    if (signingOut.getReadHoldCount() > 0) {
      throw new IllegalStateException("this thread is obtaining access: it would wait for itself");
    }
    signingOut.writeLock().lock();
    try {
      failed.clear();
      return revoking.apply(tokens.removeAll());
    } finally {
      signingOut.writeLock().unlock();
    }
  }
}
