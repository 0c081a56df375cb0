package dev.lanyard.server.gateway;

import dev.lanyard.protocol.claims.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.resourceserver.Refusal;
import dev.lanyard.resourceserver.Requirement;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.gateway.Methods.Asked;
import dev.lanyard.server.gateway.ToolJudge.Judged;
import dev.lanyard.server.library.DataClass;
import dev.lanyard.server.library.Tool;
import dev.lanyard.server.policy.ToolDecision;
import java.util.List;
import java.util.Optional;

/// Judges the single message: whether what it names may be used, and leaves a record of every call.
final class Calls {
  static final String EVENT = "gateway.call";

  private final Front front;
  private final ToolJudge judge;
  private final CallLimits limits;
  private final CallRecord record;
  private final Words words;

  Calls(Front front, ToolJudge judge, CallLimits limits, CallRecord record, Words words) {
    this.front = front;
    this.judge = judge;
    this.limits = limits;
    this.record = record;
    this.words = words;
  }

  /// What becomes of a message.
  sealed interface Verdict {
    /// It may be passed on. That it was is not recorded yet.
    ///
    /// @param expected what its answer may hold
    /// @param evidence of a call what is to be recorded of it, see [Calls#sent]
    record Passed(Expected expected, Optional<JsonObject> evidence) implements Verdict {
      Passed(Expected expected) {
        this(expected, Optional.empty());
      }
    }

    /// It may not.
    ///
    /// @param status of the HTTP answer, if there is nothing else to answer
    /// @param challenge the answer that lets a client do better, where there is one
    record Refused(int status, RpcError error, Optional<Refusal> challenge) implements Verdict {
      Refused(int status, RpcError error) {
        this(status, error, Optional.empty());
      }
    }
  }

  /// Judges, and records what is refused.
  ///
  /// @throws java.io.UncheckedIOException if it cannot be recorded
  Verdict judge(Admitted who, Message message) {
    return switch (message) {
      case Message.Answer _ -> new Verdict.Passed(new Expected.Anything());
      case Message.Notification(_, var method) ->
          method.startsWith("notifications/")
              ? new Verdict.Passed(new Expected.Anything())
              // A server that does it without answering would do it unjudged.
              : refused(
                  who,
                  400,
                  error(who, RpcError.INVALID_REQUEST, "'" + method + "' needs an id"),
                  new Evidence("id", "one", "none, of " + CallRecord.excerpt(method), "RS-21"));
      case Message.Request request -> request(who, request);
    };
  }

  /// What a tool wants repeated in headers.
  List<ToolLock.Repeated> repeated(String tool) {
    return judge.repeated(tool);
  }

  private Verdict request(Admitted who, Message.Request request) {
    try {
      return switch (Methods.of(request, who.era(), front.bounds().furtherMethods())) {
        case Asked.Plain() -> new Verdict.Passed(new Expected.Anything());
        case Asked.Listing() -> new Verdict.Passed(new Expected.Lists());
        case Asked.Named(var thing) -> named(who, request, thing);
        case Asked.Unknown() ->
            refused(
                who,
                who.era() == Era.STATELESS ? 404 : 200,
                error(
                    who,
                    RpcError.METHOD_NOT_FOUND,
                    "the gateway does not pass on '" + request.method() + "'"),
                new Evidence(
                    "method", "one that is known", CallRecord.excerpt(request.method()), "RS-21"));
      };
    } catch (MalformedException e) {
      return refused(
          who,
          200,
          error(who, RpcError.INVALID_PARAMS, "params: " + e.getMessage()),
          new Evidence("params", "what is asked for", e.getMessage(), "RS-15"));
    }
  }

  /// It is refused for its form, and that is recorded.
  private Verdict refused(Admitted who, int status, RpcError error, Evidence why) {
    var event = new CallRecord.Event(CallRecord.REFUSED, who.correlationId(), front.connector());
    record.refused(event, who.caller(), why);
    return new Verdict.Refused(status, error);
  }

  private Verdict named(Admitted who, Message.Request request, Thing thing) {
    var id = who.correlationId();
    return switch (judge.judge(who.caller(), thing)) {
      case Judged.Quarantined(var why) ->
          recorded(
              who,
              request,
              thing,
              JsonObject.builder().put("check", "tool lock").put("actual", why.detail()).build(),
              denied(who, words.quarantined(thing, why, id)));
      case Judged.ByLibrary(_, var tool)
          when tool.filter(one -> !limits.admitsCall(who.caller(), one)).isPresent() ->
          recorded(
              who,
              request,
              thing,
              JsonObject.builder().put("check", "calls_of_one_tool_per_minute").build(),
              tooMany(who, "'%s' was called too often in this minute; try again later.", thing));
      case Judged.ByLibrary(_, var tool)
          when !Methods.isLasting(request)
              && tool.filter(one -> !who.passage().takesCall(one)).isPresent() ->
          recorded(
              who,
              request,
              thing,
              JsonObject.builder().put("check", "calls_of_one_tool_at_once").build(),
              tooMany(who, "You have too many calls of '%s' under way; try again later.", thing));
      case Judged.ByLibrary(var decision, var tool) ->
          recorded(who, request, thing, decision.evidence(), decided(who, thing, decision, tool));
    };
  }

  private static Verdict tooMany(Admitted who, String words, Thing thing) {
    return new Verdict.Refused(429, error(who, RpcError.TOO_MANY, words.formatted(thing.name())));
  }

  private Verdict decided(Admitted who, Thing thing, ToolDecision decision, Optional<Tool> tool) {
    var id = who.correlationId();
    return switch (decision) {
      case ToolDecision.Refused(var why, _, _) -> denied(who, words.refused(thing, why, id));
      case ToolDecision.StepUp stepUp -> {
        var needed = stepUp.needed();
        var requirement = new Requirement(Scopes.NONE, needed.maxAge(), needed.acrValues());
        yield new Verdict.Refused(
            200,
            error(who, RpcError.DENIED, words.stepUp(thing, stepUp, id)),
            Optional.of(new Refusal.WeakSignIn(requirement)));
      }
      case ToolDecision.Allowed _ ->
          scopes(
              who,
              thing,
              judge.needed(who.caller(), tool.map(Tool::scopes).orElse(Scopes.NONE)),
              expected(who, thing, tool.flatMap(Tool::grade)));
    };
  }

  /// What the role gives the token must have been given too (RS-3).
  private Verdict scopes(Admitted who, Thing thing, Scopes needed, Expected expected) {
    var requirement = new Requirement(needed, Optional.empty(), List.of());
    return who.guard().judge(who.token(), requirement)
            instanceof dev.lanyard.resourceserver.Verdict.Refused(var refusal)
        ? new Verdict.Refused(
            200,
            error(who, RpcError.DENIED, words.scopeOfToken(thing, needed, who.correlationId())),
            Optional.of(refusal))
        : new Verdict.Passed(expected);
  }

  private Expected expected(Admitted who, Thing thing, Optional<DataClass> grade) {
    var whatever =
        thing.kind() == Thing.Kind.RESOURCE && who.era() == Era.STATELESS
            ? new Expected.Kept()
            : new Expected.Anything();
    return front.handling().looksIntoResults()
        ? grade.<Expected>map(one -> new Expected.Graded(one.name(), thing.key())).orElse(whatever)
        : whatever;
  }

  private static Verdict denied(Admitted who, String why) {
    return new Verdict.Refused(200, error(who, RpcError.DENIED, why));
  }

  private static RpcError error(Admitted who, int code, String message) {
    return RpcError.of(code, message, who.correlationId());
  }

  /// Of a tool's arguments what an administrator wants to see; nothing if they want nothing.
  private JsonObject disclosed(Admitted who, Message.Request request, Thing thing) {
    try {
      return thing.kind() == Thing.Kind.TOOL
          ? front
              .handling()
              .disclosure()
              .of(who.caller())
              .ofArguments(request.params().object("arguments").orElse(JsonObject.EMPTY))
          : JsonObject.EMPTY;
    } catch (MalformedException e) {
      // Arguments that are none have nothing at a place.
      return JsonObject.EMPTY;
    }
  }

  private Verdict recorded(
      Admitted who, Message.Request request, Thing thing, JsonObject evidence, Verdict verdict) {
    var named =
        JsonObject.builder()
            .put("method", request.method())
            .put(thing.kind().word(), CallRecord.shortened(thing.name()))
            .putAll(evidence)
            .putAll(disclosed(who, request, thing));
    if (verdict instanceof Verdict.Refused(_, _, Optional<Refusal> challenge)) {
      challenge.ifPresent(one -> named.putAll(CallRecord.failed(one.evidence()).build()));
    }
    if (verdict instanceof Verdict.Passed(var expected, _)) {
      return new Verdict.Passed(expected, Optional.of(named.build()));
    }
    record.write(event(who), who.caller(), Outcome.REFUSED, named.build());
    return verdict;
  }

  private CallRecord.Event event(Admitted who) {
    return new CallRecord.Event(EVENT, who.correlationId(), front.connector());
  }

  /// Records calls that are sent now; to be called directly before.
  ///
  /// @return to be awaited before anything of the answer leaves
  /// @throws java.io.UncheckedIOException if it cannot be recorded, and nothing may be sent
  CallRecord.Pending sent(Admitted who, List<JsonObject> evidence) {
    var all = CallRecord.Pending.NONE;
    for (var one : evidence) {
      all = all.and(record.sending(event(who), who.caller(), one));
    }
    return all;
  }

  /// Records calls that might have been sent and were not.
  void withheld(Admitted who, List<JsonObject> evidence, Evidence why) {
    for (var one : evidence) {
      var all = one.with(CallRecord.failed(why).build());
      record.write(event(who), who.caller(), Outcome.REFUSED, all);
    }
  }
}
