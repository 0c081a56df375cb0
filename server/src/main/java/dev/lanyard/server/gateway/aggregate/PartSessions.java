package dev.lanyard.server.gateway.aggregate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpHeaders;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.McpRevision;
import dev.lanyard.protocol.mcp.MetaKey;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.flight.SingleFlight;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.Incoming;
import dev.lanyard.server.gateway.admission.Replies;
import dev.lanyard.server.gateway.admission.Withheld;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.RpcId;
import dev.lanyard.server.gateway.session.Sessions;
import dev.lanyard.server.http.Method;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.WholeBody;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The sessions that an aggregate has at its servers for the sessions of clients. A node that does
/// not know one opens another: after a restart, or where the client comes to another node. Each is
/// the caller's own in the record, like one that they open themselves. Thread-safe.
public final class PartSessions {

  private static final RpcId OPENING = new RpcId.Text("lanyard-open");
  private static final RpcId PING = new RpcId.Text("lanyard-ping");

  private static final JsonObject DISCOVERING =
      Replies.request(
          OPENING,
          McpMethod.DISCOVER,
          JsonObject.builder()
              .put(MetaKey.META, MetaKey.ofRequest(Replies.SELF, JsonObject.EMPTY))
              .build());

  private static final Duration UNUSED = Duration.ofHours(2);
  private static final int MOST = 50_000;

  /// Of one person and client at one connector; the record keeps no more.
  private static final int MOST_OF_ONE = 100;

  /// How often a client may say otherwise while a server is told.
  private static final int MOST_TOLD = 3;

  private final int messageBytes;
  private final Duration patience;
  private final Sessions sessions;
  private final Cache<Key, PartSession> known =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(UNUSED).build();

  /// Whose they are; some of them may have ended.
  private final Cache<Holder, Set<Key>> held =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(UNUSED).build();

  private final SingleFlight<Key, Optional<PartSession>> opening = new SingleFlight<>();

  /// @param sessions of clients at the aggregate
  public PartSessions(GatewayLimits limits, Sessions sessions) {
    this.messageBytes = limits.sizes().message();
    this.patience = limits.patience().part();
    this.sessions = sessions;
  }

  /// How long one server may keep the others waiting that are asked with it.
  Duration patience() {
    return patience;
  }

  private record Key(String session, String connector) {}

  private record Holder(String subject, ClientId client, String connector) {}

  /// A session at one server.
  ///
  /// @param id empty for a server without sessions
  /// @param revision that the server has chosen
  /// @param says what it says of itself
  record PartSession(Optional<String> id, String revision, JsonObject says) {
    /// The same without what could only be told to somebody who listens.
    PartSession unheard() {
      return new PartSession(id, revision, Introduction.withoutDetails(says));
    }

    /// The same without what a server has to say at length: what it can is all that is needed
    /// later.
    PartSession remembered() {
      return new PartSession(id, revision, Introduction.capabilities(says));
    }

    /// Whether it is the same at the server, whatever is known of that.
    boolean isSameAs(PartSession other) {
      return id.equals(other.id) && revision.equals(other.revision);
    }

    Era era() {
      return Era.of(revision).orElseThrow();
    }

    /// A message for it.
    Incoming carrying(Admitted who, JsonObject message) {
      return era() == Era.STATELESS
          ? Incoming.Within.stateless(who.request(), message)
          : Incoming.Within.message(who.request(), message, revision, id);
    }
  }

  /// What this node knows.
  Optional<PartSession> known(AggregateSession session, Part part) {
    return Optional.ofNullable(known.getIfPresent(new Key(session.id(), part.connector())));
  }

  /// How a connector introduces itself to somebody.
  ///
  /// @param says what its server says of itself; empty if it has not answered
  /// @param withheld why it was not asked, in one sentence for the person
  record Introduced(Front front, Optional<JsonObject> says, Optional<String> withheld) {}

  Introduced introduced(Admitted who, AggregateSession session, Part part) {
    var says = of(who, session, part).map(PartSession::says);
    var withheld =
        says.isPresent() ? Optional.<String>empty() : part.withheld(who).map(Withheld::sentence);
    return new Introduced(part.front(), says, withheld);
  }

  /// What this node knows, or else a new one; empty if its server opens none now. Of several
  /// requests that need it first one opens it, and the others wait for that: what a second one had
  /// opened nobody would end.
  Optional<PartSession> of(Admitted who, AggregateSession session, Part part) {
    var found = known(session, part);
    if (found.isPresent()) {
      return found;
    }
    var key = new Key(session.id(), part.connector());
    var opened = opening.landed(key, () -> remembered(who, session, part));
    // Whoever else has asked may have been cut off: that is no word of the server's.
    return opened.isOwn()
        ? opened.value()
        : opened.value().or(() -> remembered(who, session, part));
  }

  private Optional<PartSession> remembered(Admitted who, AggregateSession session, Part part) {
    // Somebody may have opened it since it was asked for.
    return known(session, part)
        .or(() -> {
          var opened = opened(who, session, part);
          opened.ifPresent(
              one -> remember(who, new Key(session.id(), part.connector()), one.remembered()));
          if (opened.isPresent() && !isWanted(session)) {
            end(who, session, part);
            return Optional.empty();
          }
          opened.ifPresent(one -> {
            logging(who, session, part, one);
            subscribing(who, session, part, one);
          });
          return opened;
        });
  }

  /// Nobody's many sessions take the place of somebody else's: of the holder's own that one goes
  /// which was not used for longest. The connector has ended it at its server when this one was
  /// opened.
  private void remember(Admitted who, Key key, PartSession opened) {
    known.put(key, opened);
    var caller = who.caller();
    var holder = new Holder(caller.subject(), caller.client(), key.connector());
    var _ =
        held.asMap()
            .compute(
                holder,
                (_, before) -> {
                  var keys = before == null ? new HashSet<Key>() : before;
                  keys.add(key);
                  if (keys.size() > MOST_OF_ONE) {
                    var oldest = Collections.max(keys, Comparator.comparing(this::unused));
                    keys.remove(oldest);
                    known.invalidate(oldest);
                  }
                  return keys;
                });
  }

  /// For how long nobody has used it; as long as can be if it has ended.
  private Duration unused(Key key) {
    return known.policy().expireAfterAccess().flatMap(age -> age.ageOf(key)).orElse(UNUSED);
  }

  /// Whether the client has not ended its session meanwhile. Whoever ends it ends after that what
  /// is known here; so one of both ends what has been opened.
  private boolean isWanted(AggregateSession session) {
    return session.isStateless() || sessions.isLiving(session.id());
  }

  /// Ends a session at a server, if there is one.
  void end(Admitted who, AggregateSession session, Part part) {
    var at = known(session, part).filter(one -> one.id().isPresent());
    at.ifPresent(one -> {
      var incoming =
          Incoming.Within.bodiless(who.request(), Method.DELETE, one.revision(), one.id());
      discard(part.door().carried(who, incoming, one.era(), patience));
      forget(session, part, one);
    });
  }

  /// Tells a server what the client has told all of them. What the client says meanwhile is told to
  /// this one too, as its session is known by now; so the last word is looked up again.
  private void logging(Admitted who, AggregateSession session, Part part, PartSession at) {
    if (session.isStateless() || !Introduction.offers(at.says(), "logging")) {
      return;
    }
    var told = Optional.<String>empty();
    for (int i = 0; i < MOST_TOLD; i++) {
      var level = sessions.logLevel(session.id());
      if (level.isEmpty() || level.equals(told)) {
        return;
      }
      var params = JsonObject.builder().put("level", level.get()).build();
      var message = Replies.request(OPENING, McpMethod.SET_LOG_LEVEL, params);
      discard(sent(who, part, at.revision(), at.id(), message));
      told = level;
    }
  }

  /// Subscribes again to what the client wants to hear of, as far as it still may. A server that
  /// does not take that now is asked for no more of it.
  private void subscribing(Admitted who, AggregateSession session, Part part, PartSession at) {
    for (var uri : subscriptions(session, part, at)) {
      var params = JsonObject.builder().put("uri", uri).build();
      var message = Replies.request(OPENING, McpMethod.RESOURCES_SUBSCRIBE, params);
      var response = sent(who, part, at.revision(), at.id(), message);
      discard(response);
      if (response.status() != 200) {
        return;
      }
    }
  }

  /// The resources of a server of which the client wants to hear, as that server has them.
  List<String> subscriptions(AggregateSession session, Part part, PartSession at) {
    return !session.isStateless() && Introduction.tells(at.says(), "resources", "subscribe")
        ? sessions.subscriptions(session.id(), part.connector())
        : List.of();
  }

  /// The server does not know it any more. One that was opened anew meanwhile stays.
  void forget(AggregateSession session, Part part, PartSession at) {
    var _ =
        known
            .asMap()
            .computeIfPresent(
                new Key(session.id(), part.connector()), (_, now) -> now.isSameAs(at) ? null : now);
  }

  /// Whether a server that has answered with this status in a session does not know that any more.
  /// It has to say 404; many say 400, which means much else too, so these are asked.
  boolean hasForgotten(Admitted who, Part part, PartSession at, int status) {
    return at.id().isPresent()
        && (status == 404 || (status == 400 && isUnknown(pinged(who, part, at))));
  }

  /// Whether a server answers in a session.
  boolean isAnswered(Admitted who, Part part, PartSession at) {
    return pinged(who, part, at) == 200;
  }

  /// The status with which a server answers in a session.
  int pinged(Admitted who, Part part, PartSession at) {
    var ping = Replies.request(PING, McpMethod.PING, JsonObject.EMPTY);
    var response = part.door().carried(who, at.carrying(who, ping), at.era(), patience);
    discard(response);
    return response.status();
  }

  /// Whether a server says so of a session that it does not know.
  static boolean isUnknown(int status) {
    return status == 404 || status == 400;
  }

  private Optional<PartSession> opened(Admitted who, AggregateSession session, Part part) {
    if (!session.isStateless()) {
      return initialized(who, session, part, session.revision());
    }
    var asked = Incoming.Within.stateless(who.request(), DISCOVERING);
    var response = part.door().carried(who, asked, Era.STATELESS, patience);
    // Beyond that it is the gateway that says so: it cannot be reached.
    boolean answers = response.status() <= 500;
    var says = PartAnswer.result(response, OPENING, messageBytes, patience);
    if (says.filter(PartSessions::isStateless).isPresent()) {
      return Optional.of(new PartSession(Optional.empty(), McpRevision.STATELESS, says.get()));
    }
    // Whatever else it says: it is one that begins with initialize, or none.
    return answers
        ? initialized(who, session, part, AggregateSession.REVISIONS.getFirst())
            .map(PartSession::unheard)
        : Optional.empty();
  }

  private static boolean isStateless(JsonObject says) {
    try {
      return says.strings("supportedVersions").orElse(List.of()).contains(McpRevision.STATELESS);
    } catch (MalformedException e) {
      return false;
    }
  }

  private Optional<PartSession> initialized(
      Admitted who, AggregateSession session, Part part, String wished) {
    var response = sent(who, part, wished, Optional.empty(), opening(session, wished));
    var says = PartAnswer.result(response, OPENING, messageBytes, patience);
    if (says.isEmpty()) {
      return Optional.empty();
    }
    var revision = revision(says.get());
    if (revision.isEmpty()) {
      return Optional.empty();
    }
    var id = response.header(McpHeaders.SESSION);
    var initialized =
        JsonObject.builder().put("jsonrpc", "2.0").put("method", McpMethod.INITIALIZED).build();
    discard(sent(who, part, revision.get(), id, initialized));
    return Optional.of(new PartSession(id, revision.get(), says.get()));
  }

  /// Reads what nobody needs, so that the connection can be used again.
  void discard(Response response) {
    response.source().ifPresent(body -> WholeBody.read(body, messageBytes, patience));
  }

  private Response sent(
      Admitted who, Part part, String revision, Optional<String> session, JsonObject message) {
    var incoming = Incoming.Within.message(who.request(), message, revision, session);
    return part.door().carried(who, incoming, Era.of(revision).orElseThrow(), patience);
  }

  private static JsonObject opening(AggregateSession session, String wished) {
    var params =
        JsonObject.builder()
            .put("protocolVersion", wished)
            .put("capabilities", session.capabilities())
            .put("clientInfo", Replies.SELF)
            .build();
    return Replies.request(OPENING, McpMethod.INITIALIZE, params);
  }

  private static Optional<String> revision(JsonObject says) {
    try {
      return says.string("protocolVersion").filter(Era::hasSessions);
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }
}
