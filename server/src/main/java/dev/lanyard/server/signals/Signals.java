package dev.lanyard.server.signals;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.authorization.ClientNames;
import dev.lanyard.server.authorization.PairwiseNames;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.delivery.Courier;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.keys.InstallationSecret;
import dev.lanyard.server.keys.KeySafe;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.keys.SealedColumn;
import dev.lanyard.server.revocation.Downstream;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.schedule.Recurring;
import dev.lanyard.server.signals.inbound.CalledRevocations;
import dev.lanyard.server.signals.inbound.LogoutProvider;
import dev.lanyard.server.signals.inbound.SecurityEvents;
import dev.lanyard.server.signals.inbound.UpstreamLogouts;
import dev.lanyard.server.signals.outbound.CallAnnouncements;
import dev.lanyard.server.signals.outbound.LogoutCourier;
import dev.lanyard.server.signals.outbound.LoopPrevention;
import dev.lanyard.server.signals.outbound.RevocationCourier;
import dev.lanyard.server.signals.outbound.RevocationTarget;
import dev.lanyard.server.signals.outbound.SignalSigner;
import dev.lanyard.server.signals.outbound.SubjectIdentifiers;
import dev.lanyard.server.signals.transmitter.EventAnnouncements;
import dev.lanyard.server.signals.transmitter.Transmitter;
import dev.lanyard.server.token.OpaqueClientTokens;
import dev.lanyard.server.token.Platform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Everything that comes in and goes out, wired: routes of the broker's listener, couriers for the
/// outbox, what looks after the streams that we listen to.
public final class Signals implements AutoCloseable {
  private static final Duration KEYS = Duration.ofSeconds(60);

  private final Identity identity;
  private final SignalsConfig config;
  private final Parts parts;
  private final Platform platform;
  private final SecurityEvents events;
  private final SignalSigner signer;
  private final Transmitter transmitter;
  private final Optional<UpstreamLogouts> logout;
  private final Recurring timer;

  /// Whose signals these are.
  ///
  /// @param issuer of the broker, below which all endpoints are
  /// @param organisation whose people they are about
  /// @param server the name under which the broker's key ring publishes keys
  /// @param providers the upstream providers that may tell us of logouts
  public record Identity(
      Issuer issuer, String organisation, String server, Set<LogoutProvider> providers) {
    public Identity {
      providers = Set.copyOf(providers);
    }
  }

  /// What signals work with.
  public record Parts(
      Directory directory,
      ClientRegistry clients,
      Revocation revocation,
      Outbox outbox,
      KeySafe keys) {}

  /// Where rows say from when on nobody needs them.
  public static List<ExpiringTable> expiring() {
    var all = new ArrayList<>(Transmitter.expiring());
    all.add(LoopPrevention.expiring());
    all.addAll(SecurityEvents.expiring());
    return List.copyOf(all);
  }

  public Signals(Identity identity, SignalsConfig config, Parts parts, Platform platform) {
    this.identity = identity;
    this.config = config;
    this.parts = parts;
    this.platform = platform;
    this.timer = Recurring.onOneThread(platform.jobs(), "signals");
    this.events =
        new SecurityEvents(
            identity.issuer(), config.sources(), parts.directory(), parts.revocation(), platform);
    this.signer = new SignalSigner(platform, parts.keys(), identity.server(), purposes(config));
    this.transmitter =
        new Transmitter(
            identity.issuer(),
            new Transmitter.Parts(
                parts.clients(),
                parts.revocation(),
                parts.outbox(),
                parts.keys().masterKey(),
                signer),
            platform);
    this.logout =
        identity.providers().isEmpty()
            ? Optional.empty()
            : Optional.of(
                new UpstreamLogouts(
                    identity.issuer(), identity.providers(), parts.revocation(), platform));
  }

  /// The access tokens of receivers.
  public OpaqueClientTokens tokens() {
    return transmitter.tokens();
  }

  /// What is sealed under the master key here.
  public static SealedColumn sealed() {
    return Transmitter.sealed();
  }

  /// A client may want logout tokens at any time, because its file is read again and again.
  private static Set<Purpose> purposes(SignalsConfig config) {
    var purposes = EnumSet.of(Purpose.LOGOUT_TOKEN);
    if (config.transmitter().isPresent()) {
      purposes.add(Purpose.SECURITY_EVENT);
    }
    if (config.targets().stream()
        .anyMatch(target -> target.proof() instanceof RevocationTarget.Proof.Signed)) {
      purposes.add(Purpose.REVOCATION_CALL);
    }
    return purposes;
  }

  /// Who is told of every kill: to be given to [Revocation#tells], also by commands beside a
  /// server.
  public static Downstream downstream(
      Identity identity, SignalsConfig config, Directory directory, Outbox outbox) {
    var identifiers = new SubjectIdentifiers(identity.issuer());
    return new Announcements(
        identity.organisation(),
        new CallAnnouncements(
            config.targets(), config.sources(), config.callers(), identifiers, directory),
        new EventAnnouncements(identifiers, config.transmitter(), directory, outbox),
        outbox);
  }

  /// Who carries our messages, by their kind.
  public Map<String, Courier> couriers() {
    var couriers = new HashMap<>(transmitter.couriers());
    couriers.put(
        LogoutCourier.KIND,
        new LogoutCourier(identity.issuer(), parts.clients(), names(), signer, platform));
    couriers.put(
        RevocationCourier.KIND,
        new RevocationCourier(identity.issuer(), config.targets(), signer, platform));
    return Map.copyOf(couriers);
  }

  /// What people are called in front of clients, as in the ID Tokens that they have.
  private ClientNames names() {
    var salt =
        InstallationSecret.of(
            platform.database(), parts.keys().masterKey(), PairwiseNames.SALT, platform.clock());
    return new ClientNames(new PairwiseNames(salt));
  }

  /// Begins to look after the streams that we listen to, and the keys of providers.
  public void start() {
    // Beside the streams: a provider that hangs must not hold them up.
    logout.ifPresent(
        one -> timer.every(Duration.ZERO, KEYS, "fetching the keys of providers", one::keepKeys));
    events.start();
  }

  /// Has the keys of providers at hand.
  void keepKeys() {
    logout.ifPresent(UpstreamLogouts::fetchKeys);
  }

  /// Looks after the streams once, now.
  void look() {
    events.look();
  }

  /// Every route, with the path of the issuer.
  public List<Route> routes() {
    var routes = new ArrayList<Route>();
    config.transmitter().ifPresent(own -> routes.addAll(transmitter.routes(own)));
    if (!config.callers().isEmpty()) {
      routes.addAll(
          CalledRevocations.byConfigured(
                  identity.issuer(), config.callers(), parts.revocation(), platform)
              .routes());
    }
    routes.addAll(events.routes());
    logout.ifPresent(one -> routes.addAll(one.routes()));
    return List.copyOf(routes);
  }

  @Override
  public void close() {
    events.close();
    timer.close();
  }
}
