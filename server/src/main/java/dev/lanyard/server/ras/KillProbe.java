package dev.lanyard.server.ras;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.accesstoken.AccessTokenClaims;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.delivery.ProbeResult;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.sessions.OpaqueToken;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Tries what a killed person could try: calls connectors with a token for them from the moment of
/// the kill, and sees that nobody takes it. The token grants no scope, lives for seconds, and names
/// a client that does not exist; it leaves this server only to the connector itself.
final class KillProbe {
  private static final Duration LIFE = Duration.ofSeconds(30);
  private static final ClientId CLIENT = new ClientId("lanyard-kill-probe");
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
  private static final int AT_ONCE = 16;

  private final RasConfig config;
  private final KeyRing keys;
  private final RasTokens tokens;
  private final EgressClient egress;
  private final Database database;

  KillProbe(
      RasConfig config, KeyRing keys, RasTokens tokens, EgressClient egress, Database database) {
    this.config = config;
    this.keys = keys;
    this.tokens = tokens;
    this.egress = egress;
    this.database = database;
  }

  /// Asks our own decision for every connector, and calls those for which the person held a grant.
  List<ProbeResult> probe(String person, Instant killedAt) {
    var held = held(person, killedAt);
    var results = new ArrayList<ProbeResult>();
    var calls = new ArrayList<Callable<ProbeResult>>();
    for (var resource : config.resources()) {
      var token = token(person, resource.resource(), killedAt);
      results.add(introspected(resource.resource(), token));
      if (held.contains(resource.resource().value())) {
        calls.add(() -> called(resource, token));
      }
    }
    results.addAll(all(calls));
    return results;
  }

  private static List<ProbeResult> all(List<Callable<ProbeResult>> calls) {
    try (var threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      var results = new ArrayList<ProbeResult>();
      for (Future<ProbeResult> call : threads.invokeAll(calls)) {
        results.add(call.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a probe failed", e);
    }
  }

  /// The resources for which the person had a grant that lived at the kill.
  private Set<String> held(String person, Instant killedAt) {
    return database.read(connection -> {
      var select = "SELECT resources FROM ras_grant WHERE person = ? AND expires_at > ?";
      try (var query = connection.prepareStatement(select)) {
        query.setString(1, person);
        query.setLong(2, killedAt.toEpochMilli());
        try (var rows = query.executeQuery()) {
          var resources = new HashSet<String>();
          while (rows.next()) {
            resources.addAll(List.of(rows.getString(1).split(" ")));
          }
          return resources;
        }
      }
    });
  }

  private Secret token(String person, ResourceIndicator resource, Instant killedAt) {
    var claims = new AccessTokenClaims(config.issuer(), person, CLIENT, List.of(resource));
    // As long as the probe takes, from now; the kill may be a while ago.
    var signed =
        new JwtSigner(keys.active(Purpose.ACCESS_TOKEN), AccessToken.TYPE)
            .sign(claims.build(OpaqueToken.identifier(), killedAt, tokens.now().plus(LIFE)));
    return new Secret(signed);
  }

  private ProbeResult introspected(ResourceIndicator resource, Secret token) {
    boolean active = tokens.isActive(resource, token);
    return result(resource, "introspection", !active, active ? "active" : "inactive");
  }

  private ProbeResult called(RasConfig.Resource resource, Secret token) {
    var identifier = resource.resource();
    if (resource.dpopRequired()) {
      return unknown(identifier, "not called: it takes no token that is not bound to a key");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Authorization", "Bearer " + token.reveal());
    headers.put("Content-Type", "application/json");
    headers.put("Accept", "application/json, text/event-stream");
    var request = new EgressRequest("POST", URI.create(identifier.value()), headers, PING);
    return switch (egress.send(request)) {
      case EgressResult.Answered answer -> judged(identifier, answer.status());
      case EgressResult.Refused(var reason) -> unknown(identifier, "not called: " + reason);
      case EgressResult.Failed(var reason) -> unknown(identifier, "no answer: " + reason);
    };
  }

  /// 401 refuses this token, 503 refuses everybody. 403 and whatever succeeds have taken it; of the
  /// rest nobody knows.
  private ProbeResult judged(ResourceIndicator resource, int status) {
    return switch (status) {
      case 401, 503 -> result(resource, "http", true, String.valueOf(status));
      case 403 -> result(resource, "http", false, "403");
      default ->
          status >= 200 && status < 300
              ? result(resource, "http", false, String.valueOf(status))
              : unknown(resource, String.valueOf(status));
    };
  }

  private ProbeResult result(
      ResourceIndicator resource, String by, boolean refused, String answer) {
    var outcome = refused ? ProbeResult.Outcome.REFUSED : ProbeResult.Outcome.NOT_REFUSED;
    return new ProbeResult(resource.value(), by, outcome, answer, tokens.now());
  }

  private ProbeResult unknown(ResourceIndicator resource, String answer) {
    return new ProbeResult(
        resource.value(), "http", ProbeResult.Outcome.UNKNOWN, answer, tokens.now());
  }
}
