package dev.lanyard.server.gateway.grade;

import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.gateway.grade.ToolLock.Quarantine;
import dev.lanyard.server.policy.DenyReason;
import dev.lanyard.server.policy.ToolDecision;
import dev.lanyard.server.policy.ToolRefusal;
import java.util.Optional;

/// What the person before a client reads who may not use something: what is missing, what to do
/// next, and whom to ask. Nothing that they could not learn by asking that person: conditions and
/// roles have no names here.
///
/// @param connector its name for people
/// @param contact a sentence that says whom to ask; empty leaves it at "your administrator", where
///   asking helps at all
public record RefusalText(String connector, Optional<String> contact) {
  private static final String ASK = "Please ask your administrator.";

  public String refused(Thing thing, ToolRefusal why, String correlationId) {
    var it = it(thing);
    return switch (why) {
      case ToolRefusal.UnknownTool _, ToolRefusal.Ungraded _ ->
          asking(
              it + " has no grade yet, so nobody may use it. It has to be graded first.",
              correlationId);
      case ToolRefusal.AboveClearance(var grade, var clearance) ->
          asking(
              "%s is graded %s; your roles are cleared for %s there. You need a role with a higher clearance."
                  .formatted(it, grade, clearance),
              correlationId);
      case ToolRefusal.ScopeMissing(var needed) ->
          asking(
              "%s needs %s, which no role of yours that is cleared for it gives. You need a role that gives it."
                  .formatted(it, needed),
              correlationId);
      case ToolRefusal.ScopeWithheld(var needed) ->
          asking(
              "%s needs %s, which is withheld from you because of other roles that you have. One of these roles has to go."
                  .formatted(it, needed),
              correlationId);
      case ToolRefusal.ConnectorNotGiven(var reason) -> notGiven(reason, correlationId);
      case ToolRefusal.UnknownConnector _ ->
          asking(
              connector
                  + " is not among the connectors of your organisation. It has to be added first.",
              correlationId);
    };
  }

  private String notGiven(DenyReason why, String correlationId) {
    return switch (why) {
      case DenyReason.ClientNotAllowed _ ->
          asking(
              "Your roles give you %s, but not through this application. Use one that they name."
                  .formatted(connector),
              correlationId);
      case DenyReason.ConditionNotMet _ ->
          asking(
              "Your roles give you %s under conditions that are not met now.".formatted(connector),
              correlationId);
      case DenyReason.ExceptionEnded _ ->
          asking(
              "What gave you %s for a time has ended. If you still need it, it has to be given again."
                  .formatted(connector),
              correlationId);
      case DenyReason.Separated _ ->
          asking(
              "%s is withheld from you because of other roles that you have. One of these roles has to go."
                  .formatted(connector),
              correlationId);
      default ->
          asking(
              "None of your roles gives you %s. If you need it for your work, you need a role that does."
                  .formatted(connector),
              correlationId);
    };
  }

  public String quarantined(Thing thing, Quarantine why, String correlationId) {
    var it = it(thing);
    return switch (why) {
      case UNSEEN, NEW ->
          asking(
              it + " is new: an administrator has to look at it before anybody may use it.",
              correlationId);
      case UNOFFERED ->
          quoting(
              "%s offers no %s '%s', as far as is known. Have your application list what there is."
                  .formatted(connector, thing.kind().word(), thing.name()),
              correlationId);
      case CHANGED ->
          asking(
              it
                  + " has been set aside, because its server now describes it differently."
                  + " An administrator has to look at the change first.",
              correlationId);
      case WITHDRAWN ->
          asking(
              it + " has been taken out of use by an administrator. Use another one.",
              correlationId);
      case RESERVED ->
          closed(
              it + " has a name that no tool may have. Use another one.",
              Optional.empty(),
              correlationId);
      case REMOVED ->
          closed(
              it + " is no longer offered by its server. Have your application list what there is.",
              Optional.empty(),
              correlationId);
    };
  }

  public String stepUp(Thing thing, ToolDecision.StepUp needed, String correlationId) {
    var age =
        needed
            .needed()
            .maxAge()
            .map(most -> " that is not older than " + most.toMinutes() + " minutes")
            .orElse("");
    return closed(
        it(thing)
            + " needs a stronger sign-in"
            + age
            + ". Sign in again when your application asks you to.",
        Optional.empty(),
        correlationId);
  }

  /// Their role gives it, and the token does not have it.
  public String scopeOfToken(Thing thing, Scopes needed, String correlationId) {
    return closed(
        "%s needs %s, which your application has not asked for. Have it connect again."
            .formatted(it(thing), needed),
        Optional.empty(),
        correlationId);
  }

  private String it(Thing thing) {
    return "The " + thing.kind().word() + " '" + thing.name() + "' of " + connector;
  }

  private String asking(String missing, String correlationId) {
    return closed(missing, Optional.of(ASK), correlationId);
  }

  private String closed(String missing, Optional<String> ask, String correlationId) {
    var whom = contact.or(() -> ask).map(sentence -> " " + sentence).orElse("");
    return quoting(missing + whom, correlationId);
  }

  private static String quoting(String said, String correlationId) {
    return said + " Quote " + correlationId + ".";
  }
}
