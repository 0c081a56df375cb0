package dev.lanyard.server.gateway;

import dev.lanyard.server.policy.ToolDecision;
import dev.lanyard.server.policy.ToolRefusal;

/// What the person before a client reads who may not use something: what is missing, and whom to
/// ask. Nothing that they could not learn by asking that person.
///
/// @param connector its name for people
/// @param contact whom to ask
record Words(String connector, String contact) {

  String refused(Thing thing, ToolRefusal why, String correlationId) {
    var it = it(thing);
    var missing =
        switch (why) {
          case ToolRefusal.UnknownTool _, ToolRefusal.Ungraded _ ->
              it + " has no grade yet, so nobody may use it.";
          case ToolRefusal.AboveClearance(var grade, var clearance) ->
              it + " is graded " + grade + "; your roles are cleared for " + clearance + " there.";
          case ToolRefusal.ScopeMissing(var needed) ->
              it + " needs " + needed + ", which no role of yours that is cleared for it gives.";
          case ToolRefusal.ConnectorNotGiven _ ->
              "None of your roles gives you " + connector + " through this application now.";
          case ToolRefusal.UnknownConnector _ ->
              connector + " is not among the connectors of your organisation.";
        };
    return closed(missing, correlationId);
  }

  String quarantined(Thing thing, String correlationId) {
    return closed(
        it(thing) + " has been set aside until an administrator has looked at it.", correlationId);
  }

  String stepUp(Thing thing, ToolDecision.StepUp needed, String correlationId) {
    var age =
        needed
            .needed()
            .maxAge()
            .map(most -> " that is not older than " + most.toMinutes() + " minutes")
            .orElse("");
    return closed(it(thing) + " needs a stronger sign-in" + age + ".", correlationId);
  }

  private String it(Thing thing) {
    return "The " + thing.kind().word() + " '" + thing.name() + "' of " + connector;
  }

  private String closed(String missing, String correlationId) {
    return missing + " " + contact + " Quote " + correlationId + ".";
  }
}
