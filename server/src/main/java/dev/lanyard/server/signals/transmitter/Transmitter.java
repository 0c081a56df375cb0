package dev.lanyard.server.signals.transmitter;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.delivery.Courier;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Document;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.keys.SealedColumn;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.signals.outbound.SignalSigner;
import dev.lanyard.server.token.ClientIntake;
import dev.lanyard.server.token.OpaqueClientTokens;
import dev.lanyard.server.token.Paths;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.ServerMetadata;
import dev.lanyard.server.token.TokenEndpoint;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Our transmitter, wired: the API at which receivers manage their streams and fetch events, the
/// metadata that leads there, and the courier that pushes events. Thread-safe.
///
/// @spec https://openid.net/specs/openid-sharedsignals-framework-1_0-final.html Shared Signals
///   Framework 1.0
public final class Transmitter {
  private static final String WELL_KNOWN = "/.well-known/ssf-configuration";
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

  private final Issuer issuer;
  private final Parts parts;
  private final Platform platform;
  private final EventQueue queue;
  private final OpaqueClientTokens tokens;

  /// What the transmitter works with.
  ///
  /// @param revocation knows which clients are denied
  /// @param masterKey seals what receivers want to be pushed to with
  /// @param signer has the key for security events wherever there is a configuration
  public record Parts(
      ClientRegistry clients,
      Revocation revocation,
      Outbox outbox,
      MasterKey masterKey,
      SignalSigner signer) {}

  /// @param issuer below which all endpoints are
  public Transmitter(Issuer issuer, Parts parts, Platform platform) {
    this.issuer = issuer;
    this.parts = parts;
    this.platform = platform;
    this.queue = new EventQueue(parts.outbox());
    this.tokens =
        new OpaqueClientTokens(
            ReceiverClients.TOKENS,
            platform.database(),
            parts.clients(),
            parts.revocation().denied().ofClients(issuer),
            platform.clock());
  }

  /// Where rows say from when on nobody needs them.
  public static List<ExpiringTable> expiring() {
    return List.of(ReceiverClients.TOKENS.expiring(), EventQueue.expiring());
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

  /// Who pushes events, by their kind of delivery. Also without a configuration: what was queued
  /// before it was taken away is on its way.
  public Map<String, Courier> couriers() {
    return Map.of(
        EventQueue.KIND, new PushCourier(queue, parts.signer(), parts.masterKey(), platform));
  }

  /// Every route, with the path of the issuer.
  public List<Route> routes(TransmitterConfig config) {
    var path = ServerMetadata.path(issuer);
    var routes = new ArrayList<>(below(config).stream().map(route -> route.under(path)).toList());
    routes.add(
        Route.get(WELL_KNOWN + path, Access.PUBLIC, Document.of(metadata(config), DOCUMENT_LIFE))
            .anyOrigin()
            .nonBlocking());
    return List.copyOf(routes);
  }

  private List<Route> below(TransmitterConfig config) {
    var clients = new ReceiverClients(config.receivers(), tokens);
    var receivers = new Receivers(config.receivers(), clients);
    var streams = new Streams(queue, parts.masterKey(), platform);
    var documents = new StreamDocument(issuer, at(POLL), config.minVerification());
    var stream = new StreamEndpoint(receivers, documents, streams);
    var control =
        new StreamControlEndpoint(
            issuer, receivers, streams, config.minVerification(), config.subjectsByDefault());
    var poll = new PollEndpoint(receivers, streams, parts.signer(), PATIENCE);
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
            platform.authenticator(issuer, parts.clients()),
            platform.database().changes(),
            parts.revocation().denied().at(issuer));
    return new TokenEndpoint(
        intake,
        Map.of(GrantType.CLIENT_CREDENTIALS, clients.grant(at(BASE).toString())),
        platform.dpopAt(at(TOKEN)),
        platform.journal(),
        platform.clock());
  }

  /// By access tokens of OAuth clients, by bearer tokens that were agreed on, or both.
  private static List<JsonObject> schemes(TransmitterConfig config) {
    var schemes = new ArrayList<String>();
    if (config.receivers().stream().anyMatch(one -> one.client().isPresent())) {
      schemes.add("urn:ietf:rfc:6749");
    }
    if (config.receivers().stream().anyMatch(one -> !one.tokens().isEmpty())) {
      schemes.add("urn:ietf:rfc:6750");
    }
    return schemes.stream().map(urn -> JsonObject.builder().put("spec_urn", urn).build()).toList();
  }

  /// What our transmitter says of itself (SSF-10).
  private JsonObject metadata(TransmitterConfig config) {
    return JsonObject.builder()
        .put("spec_version", "1_0")
        .put("issuer", issuer.value())
        .put("jwks_uri", at("/jwks").toString())
        .put("delivery_methods_supported", List.of(StreamDocument.PUSH, StreamDocument.POLL))
        .put("configuration_endpoint", at(STREAMS).toString())
        .put("status_endpoint", at(STATUS).toString())
        .put("add_subject_endpoint", at(ADD).toString())
        .put("remove_subject_endpoint", at(REMOVE).toString())
        .put("verification_endpoint", at(VERIFY).toString())
        .put("critical_subject_members", List.of("user"))
        .put("authorization_schemes", schemes(config))
        .put("default_subjects", config.subjectsByDefault() ? "ALL" : "NONE")
        .build();
  }

  private URI at(String path) {
    return Paths.at(issuer, path);
  }
}
