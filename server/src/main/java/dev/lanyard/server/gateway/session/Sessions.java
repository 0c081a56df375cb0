package dev.lanyard.server.gateway.session;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.mcp.McpHeaders;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.admission.LivingTokens;
import dev.lanyard.server.gateway.admission.Replies;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.RpcError;
import dev.lanyard.server.gateway.message.RpcId;
import dev.lanyard.server.gateway.session.McpSessionStore.Held;
import dev.lanyard.server.gateway.session.McpSessionStore.Owner;
import dev.lanyard.server.http.Response;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/// Sessions of the older revisions: whose they are. A session id is no proof; it counts for the
/// person and the client that it was given to, and whoever else brings it is told what is told of
/// one that does not exist (RS-17).
public final class Sessions {
  public static final String EVENT = "gateway.session";
  public static final String ENDED = "gateway.session-ended";

  /// Longer than anybody keeps one; a client whose session is forgotten opens another.
  private static final Duration KEPT = Duration.ofDays(7);

  /// How long an answer may take that comes on a resumed stream.
  private static final Duration ANSWERED = Duration.ofDays(1);

  private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]{1,256}");

  private final Front front;
  private final McpSessionStore store;
  private final AskedStore asked;
  private final LivingTokens living;
  private final BiFunction<Admitted, String, Optional<String>> ends;
  private final CallRecord record;
  private final InstantSource clock;

  /// @param ends how a server is told that a session has ended, sealed; empty if it is not
  public Sessions(
      Front front,
      McpSessionStore store,
      AskedStore asked,
      LivingTokens living,
      BiFunction<Admitted, String, Optional<String>> ends,
      CallRecord record,
      InstantSource clock) {
    this.front = front;
    this.store = store;
    this.asked = asked;
    this.living = living;
    this.ends = ends;
    this.record = record;
    this.clock = clock;
  }

  /// Why a request may not be in the session that it names; empty if it may, or names none.
  public Optional<Response> refusal(Admitted who, RpcId to) {
    var named = who.request().headers(McpHeaders.SESSION);
    if (named.isEmpty() || who.era() == Era.STATELESS) {
      return Optional.empty();
    }
    var held = held(who);
    boolean isOwn = held.map(Held::owner).equals(Optional.of(Owner.of(who.caller())));
    if (isOwn && living.isLive(who.token(), held.orElseThrow().begun())) {
      var until = clock.instant().plus(KEPT);
      named.forEach(session -> store.used(front.connector(), session, until));
      return Optional.empty();
    }
    if (isOwn) {
      ended(who);
    }
    var found = isOwn ? "one that was killed" : held.isPresent() ? "somebody else's" : "nobody's";
    note(who, new Evidence("session", "the caller's own", found, "RS-17"));
    var error =
        RpcError.of(RpcError.SESSION_UNKNOWN, "There is no such session.", who.correlationId());
    return Optional.of(Replies.error(404, error, to));
  }

  private Optional<Held> held(Admitted who) {
    return who.request()
        .header(McpHeaders.SESSION)
        .filter(session -> VISIBLE.matcher(session).matches())
        .flatMap(session -> store.held(front.connector(), session));
  }

  /// Whether a session is anybody's now: not any more once its owner has ended it, on whatever
  /// node.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  public boolean isLiving(String session) {
    return VISIBLE.matcher(session).matches()
        && store.heldNow(front.connector(), session).isPresent();
  }

  /// Gives the caller the session that a server has opened.
  ///
  /// @return whether it is theirs; of one that is somebody else's nothing may be passed on
  public boolean isOpenedFor(Admitted who, String session) {
    if (who.request().header(McpHeaders.SESSION).equals(Optional.of(session))) {
      return true;
    }
    var caller = Owner.of(who.caller());
    var owner =
        VISIBLE.matcher(session).matches()
            ? store.claim(
                front.connector(),
                session,
                new Held(caller, LivingTokens.begunWith(who.token())),
                ends.apply(who, session),
                clock.instant().plus(KEPT))
            : new Owner("", "");
    if (owner.equals(caller)) {
      return true;
    }
    note(who, new Evidence("session", "a new one", "somebody else's", "RS-17"));
    return false;
  }

  /// Ends what the caller has not used for longest, if one more would be too many: whoever still
  /// has one is told that there is no such session, and opens another.
  ///
  /// @return those that this node knows and nobody has ended at the server
  public List<String> makeRoom(Admitted who) {
    return store.makeRoom(front.connector(), Owner.of(who.caller()));
  }

  /// Keeps what is asked on a stream that can be resumed, for whoever resumes it.
  ///
  /// @throws java.io.UncheckedIOException if it is not kept
  public void keep(String session, Map<RpcId, Expected> requests) {
    asked.keep(front.connector(), session, requests, clock.instant().plus(ANSWERED));
  }

  /// What may be answered on a stream that a client opens itself. Without a session nobody could
  /// say whose answers these are.
  public Awaited earlier(Admitted who) {
    return who.request()
        .header(McpHeaders.SESSION)
        .<Awaited>map(session -> new Awaited.Earlier(asked, front.connector(), session))
        .orElseGet(Awaited.Nothing::new);
  }

  /// Keeps from which level on a client wants to hear what servers log, for whatever node.
  ///
  /// @throws java.io.UncheckedIOException if it is not kept
  public void setLogLevel(String session, String level) {
    store.setLogLevel(front.connector(), session, level);
  }

  /// What the client of a session has said of that last; empty if nothing.
  public Optional<String> logLevel(String session) {
    return store.logLevel(front.connector(), session);
  }

  /// Keeps that the client of a session wants to hear of a resource, for whatever node.
  ///
  /// @param part whose it is
  /// @return whether it was not kept before
  /// @throws java.io.UncheckedIOException if it is not kept
  public boolean subscribe(String session, String part, String uri) {
    return store.subscribe(front.connector(), session, part, uri);
  }

  /// Keeps that no more.
  public void unsubscribe(String session, String part, String uri) {
    store.unsubscribe(front.connector(), session, part, uri);
  }

  /// The resources of a part of which the client of a session wants to hear.
  public List<String> subscriptions(String session, String part) {
    return store.subscriptions(front.connector(), session, part);
  }

  /// Its owner has ended it, or a kill has.
  public void ended(Admitted who) {
    who.request()
        .header(McpHeaders.SESSION)
        .ifPresent(session -> store.end(front.connector(), session));
  }

  private void note(Admitted who, Evidence why) {
    record.write(EVENT, front, who, Outcome.REFUSED, CallRecord.failed(why).build());
  }
}
