package dev.lanyard.server.gateway.upstream;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpHeaders;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.Replies;
import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.PrivateBody;
import dev.lanyard.server.gateway.message.RpcId;
import dev.lanyard.server.gateway.session.Awaited;
import dev.lanyard.server.gateway.session.Expected;
import dev.lanyard.server.gateway.session.Sessions;
import dev.lanyard.server.gateway.stream.EventFilter;
import dev.lanyard.server.gateway.stream.EventFilter.Inspection;
import dev.lanyard.server.gateway.stream.Ruling;
import dev.lanyard.server.gateway.upstream.Forwarding.Parcel;
import dev.lanyard.server.http.BodySource;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.WholeBody;
import dev.lanyard.server.http.upstream.UpstreamAnswer.Answered;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// Passes on what a server upstream has answered: of headers what MCP needs, of the body what is an
/// answer to what was asked, and of that what the caller may see.
public final class Answering {
  private final GatewayLimits limits;
  private final Sessions sessions;
  private final Answers answers;
  private final Replies replies;

  public Answering(GatewayLimits limits, Sessions sessions, Answers answers, Replies replies) {
    this.limits = limits;
    this.sessions = sessions;
    this.answers = answers;
    this.replies = replies;
  }

  /// Whether the server does not take our credentials for its own.
  static boolean isUnproved(Answered answered) {
    return answered.status() == 401;
  }

  /// Whether the server has failed, and not only refused.
  static boolean isFault(Answered answered) {
    return answered.status() >= 500 || faultOf(answered).isPresent();
  }

  /// What a late answer to the wish for a stream streams; empty if it is no stream, or not the
  /// caller's.
  Optional<BodySource> opened(Admitted who, Answered answered) {
    boolean isStream =
        answered.status() == 200
            && faultOf(answered).isEmpty()
            && mediaType(answered).equals("text/event-stream")
            // MCP has it on the answer to initialize; what names none is in the caller's own.
            && answered.header(McpHeaders.SESSION).stream()
                .allMatch(one -> who.request().header(McpHeaders.SESSION).equals(Optional.of(one)));
    return isStream ? Optional.of(unasked(who, answered)) : Optional.empty();
  }

  Response answered(Admitted who, Parcel parcel, Answered answered) {
    int status = answered.status();
    var fault = faultOf(answered);
    if (fault.isPresent()) {
      answered.body().closed();
      return replies.broken(502, who, parcel.id(), fault.get(), "status " + status);
    }
    // Theirs before they learn its name: a claim that cannot be written ends the request here.
    var session =
        who.era() == Era.STATELESS ? Optional.<String>empty() : answered.header(McpHeaders.SESSION);
    if (session.isPresent() && !sessions.isOpenedFor(who, session.get())) {
      answered.body().closed();
      return replies.broken(502, who, parcel.id(), "opened a session that is not new", "session");
    }
    var response = typed(who, parcel, answered);
    response = Replies.withHeaders(response, answered, "Retry-After", "Allow");
    return session.isPresent() ? response.withHeader(McpHeaders.SESSION, session.get()) : response;
  }

  private Response typed(Admitted who, Parcel parcel, Answered answered) {
    var type = mediaType(answered);
    return switch (type) {
      case "text/event-stream" -> events(who, parcel, answered);
      case "application/json" -> json(who, parcel, answered);
      default -> other(who, parcel, answered, type);
    };
  }

  /// Nothing, as it answers notifications and the end of a session; or something that is no MCP.
  private Response other(Admitted who, Parcel parcel, Answered answered, String type) {
    int status = answered.status();
    // Read to its end, or the connection could not be used again.
    var _ =
        WholeBody.read(
            answered.body(), limits.sizes().message(), who.within(limits.patience().answer()));
    if (status >= 400) {
      return status == 405
          ? Response.empty(405)
          : replies.broken(status, who, parcel.id(), "refused this request", type);
    }
    return status == 202 || status == 204 || parcel.method().equals("DELETE")
        ? Response.empty(status)
        : replies.broken(502, who, parcel.id(), "answered with something else", type);
  }

  private static Optional<String> faultOf(Answered answered) {
    int status = answered.status();
    if (status >= 300 && status < 400) {
      // Never followed: where to is not the server's to say.
      return Optional.of("answered with a redirect");
    }
    if (status == 401 || status == 407) {
      return Optional.of("does not accept the gateway's credentials");
    }
    boolean encoded =
        answered.header("Content-Encoding").filter(one -> !one.equals("identity")).isPresent();
    return encoded ? Optional.of("answered in an encoding nobody asked for") : Optional.empty();
  }

  private static String mediaType(Answered answered) {
    return answered
        .header("Content-Type")
        .map(value -> value.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
        .orElse("");
  }

  private Response events(Admitted who, Parcel parcel, Answered answered) {
    if (parcel.method().equals("GET")) {
      return Replies.stream(answered.status(), who, unasked(who, answered));
    }
    var own = new Awaited.Own(parcel.asked());
    var events = filter(who, parcel, answered, own);
    if (Forwarding.isStream(who, parcel)) {
      events = events.endingAnywhere();
    }
    return Replies.stream(
        answered.status(), who, parcel.mayBecomeTask() ? readOn(who, events, own) : events);
  }

  private ReadOn readOn(Admitted who, EventFilter events, Awaited.Own own) {
    return new ReadOn(
        events,
        () -> own.open().values().stream().anyMatch(Expected.OrTask.class::isInstance),
        limits.sizes().message(),
        OutlivedAnswer.patience(who.era(), who.within(limits.patience().answer())),
        who.passage()::outlived);
  }

  /// What the server says by itself.
  private EventFilter unasked(Admitted who, Answered answered) {
    return filter(who, answered, sessions.earlier(who), Optional.empty(), _ -> Optional.empty());
  }

  private EventFilter filter(Admitted who, Parcel parcel, Answered answered, Awaited.Own own) {
    var session = sessionOf(who, answered);
    return filter(
        who,
        answered,
        own,
        // All of them: also what was answered may be answered again.
        session.map(one -> () -> sessions.keep(one, parcel.asked())),
        why -> {
          if (!own.open().containsKey(parcel.id())) {
            return Optional.empty();
          }
          who.passage().broke(why);
          return Optional.of(replies.brokenOff(who).answer(parcel.id()));
        });
  }

  private EventFilter filter(
      Admitted who,
      Answered answered,
      Awaited awaited,
      Optional<Runnable> onResumable,
      Function<String, Optional<JsonObject>> onBreak) {
    var inspection =
        new Inspection(
            message -> answers.rule(message, awaited, who),
            onResumable,
            who.passage()::resumableBehind,
            onBreak);
    return new EventFilter(answered.body(), inspection, limits.sizes().message());
  }

  /// In which somebody could resume a stream.
  private static Optional<String> sessionOf(Admitted who, Answered answered) {
    return who.era() == Era.STATELESS
        ? Optional.empty()
        : who.request().header(McpHeaders.SESSION).or(() -> answered.header(McpHeaders.SESSION));
  }

  private Response json(Admitted who, Parcel parcel, Answered answered) {
    var own = new Awaited.Own(parcel.asked());
    if (answered.status() < 400 && parcel.asked().values().stream().allMatch(Expected::passes)) {
      var source =
          parcel.asked().containsValue(new Expected.Kept())
              ? new PrivateBody(answered.body())
              : answered.body();
      var body = new AnswerBody(source, own, () -> answers.stray(who));
      return Response.passing(
              answered.status(),
              "application/json",
              who.passage()
                  .answer(body, limits.sizes().answer(), who.within(limits.patience().answer())))
          .orIfBroken(() -> replies.halfAnswered(who, parcel.id()))
          .noStore();
    }
    return switch (WholeBody.read(
        answered.body(), limits.sizes().message(), who.within(limits.patience().answer()))) {
      case WholeBody.Reading.Broken(var why) ->
          who.passage().isUnwanted()
              ? replies.cut(who, parcel.id())
              : replies.unfinished(502, who, parcel.id(), "broke off", why);
      case WholeBody.Reading.Whole(var bytes) ->
          judged(answered.status(), who, parcel.id(), bytes, own);
    };
  }

  private Response judged(int status, Admitted who, RpcId to, byte[] body, Awaited.Own own) {
    try {
      var ruling = body.length == 0 ? new Ruling.Passes() : answers.rule(body, own, who);
      return switch (ruling instanceof Ruling.Pending(var later) ? later.now() : ruling) {
        case Ruling.Passes() -> json(status, body);
        case Ruling.Replaced(var text) -> json(status, text);
        case Ruling.Stray() -> unreadable(status, who, to, "it answers what nobody has asked");
        case Ruling.Pending _ -> throw new IllegalStateException("nothing is pending any more");
      };
    } catch (MalformedException e) {
      return unreadable(status, who, to, e.getMessage());
    }
  }

  private static Response json(int status, byte[] body) {
    return Response.bytes(status, "application/json", body).noStore();
  }

  private Response unreadable(int status, Admitted who, RpcId to, String why) {
    return status >= 400
        ? replies.broken(status, who, to, "refused this request", why)
        : replies.broken(502, who, to, "answered what cannot be judged", why);
  }
}
