package dev.lanyard.server.app.checkup;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.metadata.WellKnown;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Observation;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Compares what the library says of connectors with what they and their authorization servers
/// publish of themselves.
///
/// A public document is no proof: who answers there may know nothing of this organisation. It asks
/// for no token and sends nothing but the addresses that are in the library, and those only where
/// [EgressPolicy] lets it.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9728.html#section-3 RFC 9728 §3
/// @spec https://www.rfc-editor.org/rfc/rfc8414.html#section-3 RFC 8414 §3
public final class ConnectorProbe {
  private static final Duration EACH = Duration.ofSeconds(5);
  private static final int MOST_BYTES = 256 * 1024;
  private static final int AT_ONCE = 16;
  private static final String LATER = "try again, and ask the operator if it stays so";

  private final EgressClient egress;
  private final Duration altogether;
  private final Map<Issuer, List<Observation>> servers = new ConcurrentHashMap<>();

  /// @param altogether how long a probe of a whole library may take
  public ConnectorProbe(EgressPolicy policy, Duration altogether) {
    this.egress = new EgressClient(policy.limitedTo(EACH, MOST_BYTES));
    this.altogether = altogether;
  }

  /// Looks at every connector, several at once.
  ///
  /// @return what was seen, by connector; one that there was no time for says so
  public Map<String, List<Observation>> of(Library library) {
    var connectors = library.connectors();
    var looks =
        connectors.stream()
            .map(connector -> (Callable<List<Observation>>) () -> look(connector))
            .toList();
    var threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory());
    try {
      var seen = new LinkedHashMap<String, List<Observation>>();
      var results = threads.invokeAll(looks, altogether.toMillis(), TimeUnit.MILLISECONDS);
      for (int i = 0; i < results.size(); i++) {
        var id = connectors.get(i).id();
        try {
          seen.put(id, results.get(i).get());
        } catch (CancellationException e) {
          seen.put(id, List.of(outOfTime(id)));
        } catch (ExecutionException e) {
          throw new IllegalStateException("the probe of " + id + " failed", e.getCause());
        }
      }
      return seen;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("the probe was interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private Observation outOfTime(String id) {
    return Observation.warning(
        "probe-out-of-time",
        "connector '" + id + "' was not looked at within " + altogether.toSeconds() + " s",
        "give the probe more time with --probe-seconds");
  }

  private List<Observation> look(Connector connector) {
    var seen = new ArrayList<Observation>();
    var place = WellKnown.protectedResource(connector.resource());
    switch (fetch(place)) {
      case Fetched.Document(var json) -> compare(connector, json, seen);
      case Fetched.Nothing(var status) ->
          seen.add(
              Observation.warning(
                  "probe-no-metadata",
                  place + " answers " + status + ", so clients cannot find its server",
                  "check 'resource' of connector '" + connector.id() + "', or " + LATER));
      case Fetched.Refused(var why) -> seen.add(refused(place, why));
      case Fetched.Silent(var why) ->
          seen.add(
              Observation.warning("probe-no-answer", place + " cannot be reached: " + why, LATER));
    }
    // One connector after the other learns of their common server what the first has asked.
    seen.addAll(servers.computeIfAbsent(connector.authorizationServer(), this::server));
    return seen;
  }

  private void compare(Connector connector, JsonObject json, List<Observation> seen) {
    ProtectedResourceMetadata metadata;
    try {
      metadata = ProtectedResourceMetadata.parse(json, connector.resource());
    } catch (MalformedException e) {
      seen.add(
          Observation.error(
              "probe-other-resource",
              "the metadata of '"
                  + connector.id()
                  + "' is not that of its resource: "
                  + e.getMessage(),
              "write 'resource: "
                  + json.text("resource").orElse("…")
                  + "', if that is the server meant"));
      return;
    }
    if (!metadata.authorizationServers().contains(connector.authorizationServer())) {
      seen.add(
          Observation.error(
              "probe-other-authorization-server",
              "connector '"
                  + connector.id()
                  + "' takes tokens of "
                  + metadata.authorizationServers()
                  + " and not of "
                  + connector.authorizationServer(),
              "write one of them as 'authorization_server', byte for byte"));
    }
    if (metadata.scopes().isEmpty()) {
      return;
    }
    for (var scope : connector.scopes().values()) {
      if (!metadata.scopes().contains(scope)) {
        seen.add(
            Observation.warning(
                "probe-scope-not-advertised",
                "connector '" + connector.id() + "' does not advertise the scope '" + scope + "'",
                "remove it, or make sure that it exists; advertised are: " + metadata.scopes()));
      }
    }
  }

  private List<Observation> server(Issuer issuer) {
    var failures = new ArrayList<Observation>();
    for (var place : WellKnown.authorizationServer(issuer)) {
      switch (fetch(place)) {
        case Fetched.Document(var json) -> {
          return compare(issuer, json);
        }
        case Fetched.Refused(var why) -> failures.add(refused(place, why));
        case Fetched.Silent(var why) ->
            failures.add(
                Observation.warning(
                    "probe-no-answer", place + " cannot be reached: " + why, LATER));
        case Fetched.Nothing(var status) ->
            failures.add(
                Observation.warning(
                    "probe-no-metadata",
                    "the authorization server "
                        + issuer
                        + " has no metadata: "
                        + place
                        + " answers "
                        + status,
                    "check 'authorization_server', byte for byte, or " + LATER));
      }
    }
    return List.of(failures.getFirst());
  }

  private static List<Observation> compare(Issuer issuer, JsonObject json) {
    try {
      var metadata = AuthorizationServerMetadata.parse(json, issuer);
      return metadata
              .supported(Supported.GRANT_PROFILES)
              .contains(AuthorizationServerMetadata.ID_JAG_PROFILE)
          ? List.of()
          : List.of(
              Observation.warning(
                  "probe-no-id-jag",
                  "the authorization server " + issuer + " does not say that it takes ID-JAGs",
                  "ask its operator; until then its connectors cannot be given by policy"));
    } catch (MalformedException e) {
      return List.of(
          Observation.error(
              "probe-other-authorization-server",
              "what is published for the authorization server "
                  + issuer
                  + " is not its metadata: "
                  + e.getMessage(),
              "write the 'issuer' that it publishes, byte for byte: "
                  + json.text("issuer").orElse("it publishes none")));
    }
  }

  private static Observation refused(URI place, String why) {
    return Observation.warning(
        "probe-not-allowed",
        place + " may not be asked from here: " + why,
        "allow it under 'outbound' in the configuration, if it is inside your network");
  }

  private sealed interface Fetched {
    record Document(JsonObject json) implements Fetched {}

    /// No document, with what came instead.
    record Nothing(String status) implements Fetched {}

    record Refused(String why) implements Fetched {}

    record Silent(String why) implements Fetched {}
  }

  private Fetched fetch(URI place) {
    return switch (egress.send(EgressRequest.get(place))) {
      case EgressResult.Answered answered when answered.status() == 200 ->
          document(answered)
              .<Fetched>map(Fetched.Document::new)
              .orElseGet(() -> new Fetched.Nothing("something that is no JSON object"));
      case EgressResult.Answered answered -> new Fetched.Nothing(String.valueOf(answered.status()));
      case EgressResult.Refused(var why) -> new Fetched.Refused(why);
      case EgressResult.Failed(var why) -> new Fetched.Silent(why);
    };
  }

  private static Optional<JsonObject> document(EgressResult.Answered answered) {
    try {
      return Optional.of(answered.json());
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }
}
