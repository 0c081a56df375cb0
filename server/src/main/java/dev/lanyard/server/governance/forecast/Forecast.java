package dev.lanyard.server.governance.forecast;

import dev.lanyard.protocol.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/// What somebody said of a connector at a time. It is never changed: who thinks better of it says
/// so anew.
///
/// @param connector its id in the role library or the catalogue
/// @param forecaster whose it is, by which it is scored
/// @param reason why, in their words
/// @param evidence what they know it from
/// @param at when it was said
/// @param authorship how it is known whose it is
public record Forecast(
    String connector,
    Chances chances,
    String forecaster,
    String reason,
    String evidence,
    Instant at,
    Authorship authorship) {
  private static final int LONGEST = 2000;

  /// @throws IllegalArgumentException if one of the texts says nothing or too much
  public Forecast {
    said("the connector", connector);
    said("the forecaster", forecaster);
    said("the reason", reason);
    said("the evidence", evidence);
  }

  /// Nobody has signed it.
  ///
  /// @throws IllegalArgumentException if one of the texts says nothing or too much
  public Forecast(
      String connector,
      Chances chances,
      String forecaster,
      String reason,
      String evidence,
      Instant at) {
    this(connector, chances, forecaster, reason, evidence, at, new Authorship.Unsigned());
  }

  Forecast by(Authorship how) {
    return new Forecast(connector, chances, forecaster, reason, evidence, at, how);
  }

  /// Whether it is expected by and scored.
  public boolean counts() {
    return refusal().isEmpty();
  }

  public boolean isSigned() {
    return signature().isPresent();
  }

  /// What the forecaster has signed.
  Optional<String> signature() {
    return authorship instanceof Authorship.Signed(var statement)
        ? Optional.of(statement)
        : Optional.empty();
  }

  /// Why it does not count.
  Optional<String> refusal() {
    return authorship instanceof Authorship.Refused(var why) ? Optional.of(why) : Optional.empty();
  }

  private static void said(String what, String text) {
    if (text.isBlank() || text.length() > LONGEST) {
      throw new IllegalArgumentException(what + " has 1 to " + LONGEST + " characters");
    }
  }

  public JsonObject toJson() {
    return JsonObject.builder()
        .put("connector", connector)
        .put("launch", chances.toJson())
        .put("forecaster", forecaster)
        .put("reason", reason)
        .put("evidence", evidence)
        .put("at", at.toString())
        .put(
            "author",
            switch (authorship) {
              case Authorship.Signed _ -> "signed";
              case Authorship.Unsigned _ -> "unsigned";
              case Authorship.Refused _ -> "refused";
            })
        .putIfPresent("refused_because", refusal())
        .build();
  }
}
