package dev.lanyard.server.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.http.Response;
import java.time.Duration;
import java.util.Optional;

/// The sessions that an aggregate has at its servers for the sessions of clients. A node that does
/// not know one opens another: after a restart, or where the client comes to another node. Each is
/// the caller's own in the record, like one that they open themselves. Thread-safe.
final class PartSessions {
  /// How long one server may keep the others waiting that are asked with it.
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final RpcId OPENING = new RpcId.Text("lanyard-open");
  private static final Duration UNUSED = Duration.ofHours(2);
  private static final int MOST = 50_000;

  private final int messageBytes;
  private final Cache<Key, PartSession> known =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(UNUSED).build();

  PartSessions(int messageBytes) {
    this.messageBytes = messageBytes;
  }

  private record Key(String session, String connector) {}

  /// A session at one server.
  ///
  /// @param id empty for a server without sessions
  /// @param revision that the server has chosen
  /// @param says what it says of itself
  record PartSession(Optional<String> id, String revision, JsonObject says) {
    /// The same without what a server has to say at length: what it can is all that is needed
    /// later.
    PartSession remembered() {
      return new PartSession(id, revision, Introduction.capabilities(says));
    }

    Era era() {
      return Era.of(revision).orElseThrow();
    }
  }

  /// What this node knows.
  Optional<PartSession> known(AggregateSession session, Part part) {
    return Optional.ofNullable(known.getIfPresent(new Key(session.id(), part.connector())));
  }

  /// What this node knows, or else a new one; empty if its server opens none now.
  Optional<PartSession> of(Admitted who, AggregateSession session, Part part) {
    var found = known(session, part);
    if (found.isPresent()) {
      return found;
    }
    var opened = opened(who, session, part);
    opened.ifPresent(one -> known.put(new Key(session.id(), part.connector()), one.remembered()));
    return opened;
  }

  /// The server does not know it any more.
  void forget(AggregateSession session, Part part) {
    known.invalidate(new Key(session.id(), part.connector()));
  }

  private Optional<PartSession> opened(Admitted who, AggregateSession session, Part part) {
    var response = sent(who, part, session.revision(), Optional.empty(), opening(session));
    var says = PartAnswer.result(response, OPENING, messageBytes, PATIENCE);
    if (says.isEmpty()) {
      return Optional.empty();
    }
    var revision = revision(says.get());
    if (revision.isEmpty()) {
      return Optional.empty();
    }
    var id = response.header(Forwarding.SESSION);
    var initialized =
        JsonObject.builder()
            .put("jsonrpc", "2.0")
            .put("method", "notifications/initialized")
            .build();
    discard(sent(who, part, revision.get(), id, initialized));
    return Optional.of(new PartSession(id, revision.get(), says.get()));
  }

  /// Reads what nobody needs, so that the connection can be used again.
  void discard(Response response) {
    response.source().ifPresent(body -> WholeBody.read(body, messageBytes, PATIENCE));
  }

  private static Response sent(
      Admitted who, Part part, String revision, Optional<String> session, JsonObject message) {
    var incoming = Incoming.Within.message(message, revision, session, who.correlationId());
    return part.door().carried(who, incoming, Era.of(revision).orElseThrow(), PATIENCE);
  }

  private static JsonObject opening(AggregateSession session) {
    var self = JsonObject.builder().put("name", "lanyard").put("version", "1").build();
    var params =
        JsonObject.builder()
            .put("protocolVersion", session.revision())
            .put("capabilities", session.capabilities())
            .put("clientInfo", self)
            .build();
    return Replies.request(OPENING, "initialize", params);
  }

  private static Optional<String> revision(JsonObject says) {
    try {
      return says.string("protocolVersion").filter(AggregateSession.REVISIONS::contains);
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }
}
