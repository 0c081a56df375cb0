package dev.lanyard.server.gateway;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.resourceserver.Refusal;
import dev.lanyard.resourceserver.Requirement;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.gateway.Calls.Verdict;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.grade.RefusalText;
import dev.lanyard.server.gateway.grade.Thing;
import dev.lanyard.server.gateway.grade.ToolJudge;
import dev.lanyard.server.gateway.grade.ToolJudge.Judged;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.Message;
import dev.lanyard.server.gateway.message.RpcError;
import dev.lanyard.server.gateway.session.Expected;
import dev.lanyard.server.library.DataClass;
import dev.lanyard.server.library.Tool;
import dev.lanyard.server.policy.ToolDecision;
import java.util.List;
import java.util.Optional;

/// Whether somebody may use a thing now, in words for the person and with the evidence for the
/// record: for a call of it, and for a question about one.
final class ThingVerdicts {
  private final Front front;
  private final ToolJudge judge;
  private final CallRecord record;
  private final RefusalText words;

  ThingVerdicts(Front front, ToolJudge judge, CallRecord record, RefusalText words) {
    this.front = front;
    this.judge = judge;
    this.record = record;
    this.words = words;
  }

  /// What a record is about.
  ///
  /// @param event its type
  record Subject(String event, Message.Request request) {
    static Subject call(Message.Request request) {
      return new Subject(CallRecord.CALL, request);
    }
  }

  /// Whether a thing may be used now, for a call of it or for a question about one.
  ///
  /// @return what is refused is recorded
  Verdict of(Admitted who, Subject subject, Thing thing) {
    return of(who, subject, thing, judge.judge(who.caller(), thing));
  }

  /// The same of what was judged before.
  Verdict of(Admitted who, Subject subject, Thing thing, Judged judged) {
    return switch (judged) {
      case Judged.Quarantined(var why) ->
          recorded(
              who,
              subject,
              thing,
              JsonObject.builder().put("check", "tool lock").put("actual", why.detail()).build(),
              denied(who, words.quarantined(thing, why, who.correlationId())));
      case Judged.ByLibrary(var decision, var tool) ->
          recorded(who, subject, thing, decision.evidence(), decided(who, thing, decision, tool));
    };
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
            error(who, words.stepUp(thing, stepUp, id)),
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
            error(who, words.scopeOfToken(thing, needed, who.correlationId())),
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
    return new Verdict.Refused(200, error(who, why));
  }

  private static RpcError error(Admitted who, String message) {
    return RpcError.of(RpcError.DENIED, message, who.correlationId());
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

  /// Of what is refused it is recorded, and of what is passed it is known what to record.
  Verdict recorded(
      Admitted who, Subject subject, Thing thing, JsonObject evidence, Verdict verdict) {
    var request = subject.request();
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
      return new Verdict.Passed(expected, List.of(new Calls.Noted(subject.event(), named.build())));
    }
    record.write(subject.event(), front, who, Outcome.REFUSED, named.build());
    return verdict;
  }
}
