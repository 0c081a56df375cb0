package dev.lanyard.server.app.checkup;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.WellKnown;
import dev.lanyard.protocol.oauth.Issuer;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Looks at one authorization server from outside, as its clients do.
///
/// META-1 to META-3, INT-5.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8414.html#section-3 RFC 8414 §3
public final class ServerCheckup {
  private final EgressClient egress;
  private final InstantSource clock;
  private final List<Finding> findings = new ArrayList<>();

  public ServerCheckup(EgressClient egress, InstantSource clock) {
    this.egress = egress;
    this.clock = clock;
  }

  /// Checks metadata at every place, the byte-wise identity of the issuer, keys and clock.
  ///
  /// @param name what the administrator calls the server
  /// @param places where clients look for the metadata of this server
  public List<Finding> examine(String name, Issuer issuer, List<URI> places) {
    var documents = new ArrayList<JsonObject>();
    for (var place : places) {
      fetch(name, place).ifPresent(documents::add);
    }
    if (documents.isEmpty()) {
      return findings;
    }
    if (documents.stream().distinct().count() > 1) {
      findings.add(
          Finding.bad(
              name + " metadata",
              "differs between " + places + "; something between here and there answers for it"));
    }
    try {
      var metadata = AuthorizationServerMetadata.parse(documents.getFirst(), issuer);
      findings.add(Finding.good(name + " issuer", "is " + issuer + ", byte for byte"));
      metadata.endpoint(Endpoint.JWKS).ifPresent(keys -> examineKeys(name, keys));
    } catch (MalformedException e) {
      var published = documents.getFirst().text("issuer").orElse("nothing");
      findings.add(
          Finding.bad(
              name + " issuer",
              e.getMessage()
                  + ": configured is \""
                  + issuer
                  + "\", published is "
                  + published
                  + ". They must be equal to the last slash."));
    }
    return findings;
  }

  private void examineKeys(String name, URI jwks) {
    fetch(name + " keys", jwks)
        .ifPresent(document -> {
          try {
            var keys = PublicKeySet.parse(document).keys();
            findings.add(
                keys.isEmpty()
                    ? Finding.bad(name + " keys", jwks + " publishes no key that can be used")
                    : Finding.good(name + " keys", keys.size() + " at " + jwks));
          } catch (MalformedException e) {
            findings.add(Finding.bad(name + " keys", jwks + ": " + e.getMessage()));
          }
        });
  }

  private Optional<JsonObject> fetch(String name, URI place) {
    switch (egress.send(EgressRequest.get(place))) {
      case EgressResult.Answered answer when answer.status() == 200 -> {
        clock(name, answer, clock).ifPresent(findings::add);
        try {
          var document = JsonObject.parse(answer.body());
          findings.add(Finding.good(name, place + " answers"));
          return Optional.of(document);
        } catch (MalformedException e) {
          findings.add(Finding.bad(name, place + " answers no JSON object: " + e.getMessage()));
        }
      }
      case EgressResult.Answered answer ->
          findings.add(
              Finding.bad(name, place + " answers " + answer.status() + " instead of 200"));
      case EgressResult.Refused(var reason) ->
          findings.add(
              Finding.bad(
                  name,
                  place
                      + " may not be asked: "
                      + reason
                      + ". See 'outbound' in the configuration."));
      case EgressResult.Failed(var reason) ->
          findings.add(
              Finding.bad(name, place + " cannot be reached: " + reason + ". Is it running?"));
    }
    return Optional.empty();
  }

  /// What is wrong with the clock of whoever answered. Half a minute is what validators tolerate
  /// (SEC-18).
  static Optional<Finding> clock(String name, EgressResult.Answered answer, InstantSource clock) {
    var date = answer.header("date");
    if (date.isEmpty()) {
      return Optional.empty();
    }
    try {
      var theirs = ZonedDateTime.parse(date.get(), DateTimeFormatter.RFC_1123_DATE_TIME);
      var apart = Duration.between(theirs.toInstant(), clock.instant()).abs();
      return apart.compareTo(Duration.ofSeconds(30)) > 0
          ? Optional.of(
              Finding.bad(
                  name + " clock",
                  "is " + apart.toSeconds() + " s away from ours; synchronise both"))
          : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.of(Finding.note(name + " clock", "sends a date that cannot be read"));
    }
  }

  /// The places where MCP clients look.
  public static List<URI> allPlaces(Issuer issuer) {
    return WellKnown.authorizationServer(issuer);
  }
}
