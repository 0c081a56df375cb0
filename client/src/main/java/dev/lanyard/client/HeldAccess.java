package dev.lanyard.client;

import dev.lanyard.client.Access.Granted;
import dev.lanyard.client.AccessEvents.Occasion;
import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.oauth.AccessTokenType;
import dev.lanyard.protocol.oauth.BearerError;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
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
  private final Grants grants;
  private final FailedDemands failed;
  private final Map<URI, String> nonces = new ConcurrentHashMap<>();
  private final Map<ResourceIndicator, ReentrantLock> trips = new ConcurrentHashMap<>();

  /// Read by every trip, written by whoever signs out; always taken before any other lock.
  private final ReentrantReadWriteLock door = new ReentrantReadWriteLock();

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
    this.grants = new Grants(clock);
    this.failed = new FailedDemands(clock);
  }

  @Override
  public Access accessTo(URI server, Hint hint) {
    var resource = new ResourceIndicator(server.toString());
    if (hint.equals(Hint.NONE)) {
      var kept = grants.live(user.get(), resource);
      if (kept.isPresent()) {
        return new Granted(kept.get());
      }
    }
    return trip(
        resource,
        news ->
            hint.forbidden() ? forbidden(resource, hint, news) : demanded(resource, hint, news));
  }

  /// @param errand is given where to put whom to tell of it afterwards
  private <T> T trip(ResourceIndicator server, Function<List<Runnable>, T> errand) {
    var news = new ArrayList<Runnable>();
    var result = alone(server, () -> errand.apply(news));
    // Without the locks: whoever is told may want access to another server, whose trip tells of
    // itself, and wants access to this one.
    news.forEach(Runnable::run);
    return result;
  }

  private <T> T alone(ResourceIndicator server, Supplier<T> errand) {
    var own = trips.computeIfAbsent(server, absent -> new ReentrantLock());
    door.readLock().lock();
    try {
      own.lock();
      try {
        return errand.get();
      } finally {
        own.unlock();
      }
    } finally {
      door.readLock().unlock();
    }
  }

  /// The token is good, and no other would do: unless there is another meanwhile.
  private Access forbidden(ResourceIndicator resource, Hint hint, List<Runnable> news) {
    var kept = grants.live(user.get(), resource);
    return kept.isPresent() && hint.refused().equals(kept.map(AccessGrant::token))
        ? new Access.Denied(kept.get().issuer(), Denial.byServer(hint.said(), "forbidden"))
        : anew(resource, hint, news);
  }

  /// What was refused for the same demand a little while ago is not asked for again.
  private Access demanded(ResourceIndicator resource, Hint hint, List<Runnable> news) {
    var demand = new FailedDemands.Demand(user.get(), resource, hint.needed(), hint.signIn());
    var recent = failed.recent(demand);
    if (recent.isPresent()) {
      return recent.get();
    }
    var before = grants.live(demand.user(), resource);
    var access = inVain(demand, hint, before).orElseGet(() -> anew(resource, hint, news));
    boolean demands = hint.refused().isPresent() || !demand.isForAnyToken();
    if (demands && access instanceof Granted(var grant) && !before.equals(Optional.of(grant))) {
      failed.answered(demand, grant.token());
    }
    if (access instanceof Access.Denied denied && !demand.isForAnyToken()) {
      failed.remember(demand, denied);
    }
    return access;
  }

  /// Whether the token that is refused has all that the server demands: a better one there is not.
  private Optional<Access> inVain(
      FailedDemands.Demand demand, Hint hint, Optional<AccessGrant> held) {
    var refused = held.filter(grant -> hint.refused().equals(Optional.of(grant.token())));
    if (!demand.needed().isEmpty() && demand.signIn().isEmpty()) {
      return refused
          .filter(grant -> grant.scopes().containsAll(demand.needed()))
          .map(grant -> new Access.Denied(grant.issuer(), Denial.insufficientScope()));
    }
    return refused
        .filter(grant -> failed.isInVain(demand, grant.token()))
        .map(grant ->
            new Access.Denied(
                grant.issuer(), Denial.byServer(hint.said(), BearerError.INVALID_TOKEN.value())));
  }

  private Access anew(ResourceIndicator resource, Hint hint, List<Runnable> news) {
    var person = user.get();
    var before = grants.live(person, resource);
    hint.refused().ifPresent(token -> grants.forget(person, resource, token));
    // Somebody else may have obtained it while we waited.
    var kept =
        grants
            .live(person, resource)
            .filter(grant -> grant.scopes().containsAll(hint.needed()))
            .filter(grant -> hint.signIn().isEmpty() || hint.refused().isPresent());
    return kept.isPresent()
        ? new Granted(kept.get())
        : obtain(
            new Wanted(resource, hint, before.map(AccessGrant::scopes).orElse(Scopes.NONE), true),
            occasion(hint, before.isPresent()),
            news);
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

  private Access obtain(Wanted wanted, Occasion occasion, List<Runnable> news) {
    long began = System.nanoTime();
    var access = kept(wanted.server(), wanted.hint(), obtaining.obtain(wanted));
    var took = Duration.ofNanos(System.nanoTime() - began);
    var server = URI.create(wanted.server().value());
    news.add(() -> events.obtained(server, occasion, access, took));
    return access;
  }

  /// A grant without what the operation needs would only be refused again.
  private Access kept(ResourceIndicator server, Hint hint, Access access) {
    if (!(access instanceof Granted(var grant))) {
      return access;
    }
    grants.put(user.get(), server, grant);
    return grant.scopes().containsAll(hint.needed())
        ? access
        : new Access.Denied(grant.issuer(), Denial.insufficientScope());
  }

  @Override
  public Map<String, String> headersFor(URI server, String method, URI url) {
    var resource = new ResourceIndicator(server.toString());
    var kept = grants.live(user.get(), resource);
    if (kept.isEmpty() || !url.equals(server)) {
      return Map.of();
    }
    if (grants.takeRenewal(user.get(), resource)) {
      Thread.ofVirtual()
          .name("access-renewal")
          .start(() -> trip(resource, news -> renewedAhead(resource, kept.get(), news)));
    }
    var headers = new LinkedHashMap<String, String>();
    headers.put("Authorization", kept.get().authorization());
    if (kept.get().type() == AccessTokenType.DPOP) {
      var signer = dpop.orElseThrow();
      var nonce = Optional.ofNullable(nonces.get(server));
      headers.put("DPoP", signer.proof(method, url, nonce, kept.get().token()));
    }
    return headers;
  }

  /// In the background, so that no call waits for it, and without the person; the old token serves
  /// until the new one is there. What fails is tried again by a later call, and at the latest when
  /// the token has expired.
  private Optional<Access> renewedAhead(
      ResourceIndicator server, AccessGrant old, List<Runnable> news) {
    if (!grants.live(user.get(), server).equals(Optional.of(old))) {
      return Optional.empty();
    }
    var same = Hint.NONE.suggesting(old.scopes());
    return Optional.of(obtain(new Wanted(server, same, old.scopes(), false), Occasion.AHEAD, news));
  }

  @Override
  public void useNonce(URI server, String nonce) {
    nonces.put(server, nonce);
  }

  /// Signs out: forgets everything. Waits for what is being obtained, also for a person who is
  /// asked to sign in, so that nothing of it survives; nothing more is obtained until it is over.
  ///
  /// @param farewell is given the grants that were held: revokes them, and forgets what others
  ///   could be obtained with
  /// @return what the farewell returns
  /// @throws IllegalStateException on a thread that is obtaining access
  public <T> T signOut(Function<Collection<AccessGrant>, T> farewell) {
    if (door.getReadHoldCount() > 0) {
      throw new IllegalStateException("this thread is obtaining access: it would wait for itself");
    }
    door.writeLock().lock();
    try {
      failed.clear();
      return farewell.apply(grants.removeAll());
    } finally {
      door.writeLock().unlock();
    }
  }
}
