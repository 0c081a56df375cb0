package dev.lanyard.server.signals;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.authorization.ClientNames;
import dev.lanyard.server.authorization.PairwiseNames;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.delivery.Courier;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Document;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.keys.InstallationSecret;
import dev.lanyard.server.keys.KeySafe;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.keys.SealedColumn;
import dev.lanyard.server.revocation.Downstream;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.schedule.Recurring;
import dev.lanyard.server.signals.SignalsConfig.Provider;
import dev.lanyard.server.signals.SignalsConfig.Transmitter;
import dev.lanyard.server.token.ClientIntake;
import dev.lanyard.server.token.OpaqueClientTokens;
import dev.lanyard.server.token.Paths;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.ServerMetadata;
import dev.lanyard.server.token.TokenEndpoint;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Everything that comes in and goes out, wired: routes of the broker's listener, couriers for the
/// outbox, the caretaker of the streams that we listen to.
public final class Signals implements AutoCloseable {
  private static final String BASE = "/signals";
  private static final String STREAMS = "/signals/streams";
  private static final String STATUS = "/signals/status";
  private static final String ADD = "/signals/subjects/add";
  private static final String REMOVE = "/signals/subjects/remove";
  private static final String VERIFY = "/signals/verify";
  private static final String POLL = "/signals/poll";
  private static final String TOKEN = "/signals/token";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration DOCUMENT_LIFE = Duration.ofMinutes(5);
  private static final Duration KEYS = Duration.ofSeconds(60);

  private final Identity identity;
  private final SignalsConfig config;
  private final Parts parts;
  private final Platform platform;
  private final SecurityEvents events;
  private final EventQueue queue;
  private final SignalSigner signer;
  private final OpaqueClientTokens tokens;
  private final Optional<UpstreamLogouts> logout;
  private final Recurring timer = Recurring.onOneThread("signals");

  /// Whose signals these are.
  ///
  /// @param issuer of the broker, below which all endpoints are
  /// @param organisation whose people they are about
  /// @param server the name under which the broker's key ring publishes keys
  /// @param providers the upstream providers that may tell us of logouts
  public record Identity(
      Issuer issuer, String organisation, String server, Set<Provider> providers) {
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
    return List.of(
        ReceiverClients.TOKENS.expiring(),
        SeenTokens.expiring(),
        Told.expiring(),
        Transactions.expiring(),
        EventQueue.expiring());
  }

  public Signals(Identity identity, SignalsConfig config, Parts parts, Platform platform) {
    this.identity = identity;
    this.config = config;
    this.parts = parts;
    this.platform = platform;
    this.events =
        new SecurityEvents(
            identity.issuer(), config.sources(), parts.directory(), parts.revocation(), platform);
    this.queue = new EventQueue(parts.outbox());
    this.signer = new SignalSigner(platform, parts.keys(), identity.server(), purposes(config));
    this.tokens =
        new OpaqueClientTokens(
            ReceiverClients.TOKENS,
            platform.database(),
            parts.clients(),
            parts.revocation().denied().ofClients(identity.issuer()),
            platform.clock());
    this.logout =
        identity.providers().isEmpty()
            ? Optional.empty()
            : Optional.of(
                new UpstreamLogouts(
                    identity.issuer(), identity.providers(), parts.revocation(), platform));
  }

  /// The access tokens of receivers.
  public OpaqueClientTokens tokens() {
    return tokens;
  }

  /// What is sealed under the master key here: the `Authorization` of receivers that are pushed to.
  public static SealedColumn sealed() {
    return new SealedColumn(
        "ssf_stream",
        List.of("id"),
        "authorization_sealed",
        key -> PushCourier.context(key.getFirst()));
  }

  /// A client may want logout tokens at any time, because its file is read again and again.
  private static Set<Purpose> purposes(SignalsConfig config) {
    var purposes = EnumSet.of(Purpose.LOGOUT_TOKEN);
    if (config.transmitter().isPresent()) {
      purposes.add(Purpose.SECURITY_EVENT);
    }
    if (config.targets().stream()
        .anyMatch(target -> target.proof() instanceof SignalsConfig.Target.Proof.Signed)) {
      purposes.add(Purpose.REVOCATION_CALL);
    }
    return purposes;
  }

  /// Who is told of every kill: to be given to [Revocation#tells], also by commands beside a
  /// server.
  public static Downstream downstream(
      Identity identity, SignalsConfig config, Directory directory, Outbox outbox) {
    var names = new Names(identity.issuer());
    return new Announcements(
        identity.organisation(),
        new CallAnnouncements(config, names),
        new EventAnnouncements(names, config.transmitter(), directory, new EventQueue(outbox)),
        outbox);
  }

  /// Who carries our messages, by their kind.
  public Map<String, Courier> couriers() {
    return Map.of(
        EventQueue.KIND, new PushCourier(queue, signer, parts.keys().masterKey(), platform),
        LogoutCourier.KIND,
            new LogoutCourier(identity.issuer(), parts.clients(), names(), signer, platform),
        RevocationCourier.KIND,
            new RevocationCourier(identity.issuer(), config.targets(), signer, platform));
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
    var below = new ArrayList<Route>();
    config.transmitter().ifPresent(transmitter -> below.addAll(transmitter(transmitter)));
    var path = ServerMetadata.path(identity.issuer());
    var routes = new ArrayList<>(below.stream().map(route -> route.under(path)).toList());
    if (!config.callers().isEmpty()) {
      routes.addAll(
          CalledRevocations.byConfigured(
                  identity.issuer(), config.callers(), parts.revocation(), platform)
              .routes());
    }
    routes.addAll(events.routes());
    logout.ifPresent(one -> routes.addAll(one.routes()));
    if (config.transmitter().isPresent()) {
      var document = Document.of(metadata(config.transmitter().get()), DOCUMENT_LIFE);
      routes.add(
          Route.get(
                  RemoteTransmitter.place(identity.issuer()).getPath(),
                  Access.PUBLIC,
                  document::handle)
              .anyOrigin()
              .nonBlocking());
    }
    return List.copyOf(routes);
  }

  private List<Route> transmitter(Transmitter transmitter) {
    var clients = new ReceiverClients(transmitter.receivers(), tokens);
    var receivers = new Receivers(transmitter.receivers(), clients);
    var streams = new Streams(queue, parts.keys().masterKey(), platform);
    var documents = new StreamDocument(identity.issuer(), at(POLL), transmitter.minVerification());
    var stream = new StreamEndpoint(receivers, documents, streams);
    var control =
        new StreamControlEndpoint(
            identity.issuer(),
            receivers,
            streams,
            transmitter.minVerification(),
            transmitter.subjectsByDefault());
    var poll = new PollEndpoint(receivers, streams, signer, PATIENCE);
    return List.of(
        Route.post(TOKEN, Access.CLIENT, tokenEndpoint(clients)::handle),
        Route.get(STREAMS, Access.CLIENT, stream::read),
        Route.post(STREAMS, Access.CLIENT, stream::create),
        Route.patch(STREAMS, Access.CLIENT, stream::update),
        Route.put(STREAMS, Access.CLIENT, stream::replace),
        Route.delete(STREAMS, Access.CLIENT, stream::delete),
        Route.get(STATUS, Access.CLIENT, control::status),
        Route.post(STATUS, Access.CLIENT, control::changeStatus),
        Route.post(ADD, Access.CLIENT, control::addSubject),
        Route.post(REMOVE, Access.CLIENT, control::removeSubject),
        Route.post(VERIFY, Access.CLIENT, control::verify),
        Route.post(POLL + "/{stream}", Access.CLIENT, poll::handle));
  }

  /// Apart from the broker's, whose tokens are about people.
  private TokenEndpoint tokenEndpoint(ReceiverClients clients) {
    var intake =
        new ClientIntake(
            platform.authenticator(identity.issuer(), parts.clients()),
            platform.database().changes(),
            parts.revocation().denied().at(identity.issuer()));
    return new TokenEndpoint(
        intake,
        Map.of(GrantType.CLIENT_CREDENTIALS, clients.grant(at(BASE).toString())),
        platform.dpopAt(at(TOKEN)),
        platform.journal(),
        platform.clock());
  }

  /// By access tokens of OAuth clients, by bearer tokens that were agreed on, or both.
  private static List<JsonObject> schemes(Transmitter transmitter) {
    var schemes = new ArrayList<String>();
    if (transmitter.receivers().stream().anyMatch(one -> one.client().isPresent())) {
      schemes.add("urn:ietf:rfc:6749");
    }
    if (transmitter.receivers().stream().anyMatch(one -> !one.tokens().isEmpty())) {
      schemes.add("urn:ietf:rfc:6750");
    }
    return schemes.stream().map(urn -> JsonObject.builder().put("spec_urn", urn).build()).toList();
  }

  /// What our transmitter says of itself (SSF-10).
  private JsonObject metadata(Transmitter transmitter) {
    return JsonObject.builder()
        .put("spec_version", "1_0")
        .put("issuer", identity.issuer().value())
        .put("jwks_uri", at("/jwks").toString())
        .put("delivery_methods_supported", List.of(StreamDocument.PUSH, StreamDocument.POLL))
        .put("configuration_endpoint", at(STREAMS).toString())
        .put("status_endpoint", at(STATUS).toString())
        .put("add_subject_endpoint", at(ADD).toString())
        .put("remove_subject_endpoint", at(REMOVE).toString())
        .put("verification_endpoint", at(VERIFY).toString())
        .put("critical_subject_members", List.of("user"))
        .put("authorization_schemes", schemes(transmitter))
        .put("default_subjects", transmitter.subjectsByDefault() ? "ALL" : "NONE")
        .build();
  }

  private URI at(String path) {
    return Paths.at(identity.issuer(), path);
  }

  @Override
  public void close() {
    events.close();
    timer.close();
  }
}
