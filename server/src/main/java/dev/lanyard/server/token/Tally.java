package dev.lanyard.server.token;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.server.metrics.Count;
import dev.lanyard.server.metrics.Metrics;

/// Counts what the authorization servers decide: of each kind of request how it ended, and by which
/// check it was refused. Thread-safe.
public final class Tally {
  private final Count requests;
  private final Count refusals;

  /// Counts into these; one for a process.
  public Tally(Metrics metrics) {
    this.requests =
        metrics.count(
            "lanyard_decisions",
            "Decisions of the authorization servers, by the event in the audit record.",
            "event",
            "outcome");
    this.refusals =
        metrics.count("lanyard_refusals", "Refused requests, by the check that failed.", "check");
  }

  void allowed(String event) {
    requests.add(event, "success");
  }

  void refused(String event, OAuthError error, Findings findings) {
    requests.add(event, "refused");
    refusals.add(check(findings, error));
  }

  void unavailable(String event) {
    requests.add(event, "unavailable");
  }

  /// A refusal that names no check is told by its error.
  private static String check(Findings findings, OAuthError error) {
    try {
      return findings.evidence().string("check").orElse(error.code().value());
    } catch (MalformedException e) {
      return error.code().value();
    }
  }
}
