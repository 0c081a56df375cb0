package dev.lanyard.server.governance.routing;

/// A rule that a way must pass, in the order in which they are asked.
public enum RoutingRule {
  /// The way must be there at all.
  EXISTS("exists"),
  /// A copy cannot be written to.
  WRITES("writes"),
  /// The data must be as fresh as the work wants it.
  FRESHNESS("freshness"),
  /// Somebody must be given the connector: a role of people's, or of the agent.
  GIVEN("given"),
  /// The way must be cleared for data of this class.
  GRADE("grade"),
  /// People must come in without a consent that nobody can end; an agent without any.
  COVERAGE("coverage"),
  /// After a kill nothing may stay open for longer than the class allows.
  RESIDUAL("residual"),
  /// It must bear the volume.
  VOLUME("volume");

  private final String value;

  RoutingRule(String value) {
    this.value = value;
  }

  /// As programs read it.
  public String value() {
    return value;
  }
}
