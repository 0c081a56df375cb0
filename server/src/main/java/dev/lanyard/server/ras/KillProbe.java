package dev.lanyard.server.ras;

import dev.lanyard.protocol.accesstoken.AccessTokenClaims;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.delivery.ProbeResult;
import dev.lanyard.server.ras.Holders.Holder;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.sessions.OpaqueToken;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tries what could be tried with a token that must be dead: makes one of the last moment that the
/// denial reaches, in the name of somebody who held one, and sees that nobody takes it.
///
/// It grants no scope and lives for seconds. A token of somebody's own is never used: we keep none.
/// Our own decision is asked first; only a token that is dead here leaves this server, and only to
/// the connector that it names.
final class KillProbe {
  private static final Duration LIFE = Duration.ofSeconds(30);
  private static final ClientId CLIENT = new ClientId("lanyard-kill-probe");
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
  private static final Pattern ERROR = Pattern.compile("\\berror=\"?([a-z_]{1,40})");
  private static final int AT_ONCE = 16;

  private final RasConfig config;
  private final RasTokens tokens;
  private final EgressClient egress;
  private final Holders holders;
  private final Seconds seconds;

  KillProbe(
      RasConfig config, RasTokens tokens, EgressClient egress, Holders holders, Seconds seconds) {
    this.config = config;
    this.tokens = tokens;
    this.egress = egress;
    this.holders = holders;
    this.seconds = seconds;
  }

  /// Who else somebody is here.
  @FunctionalInterface
  interface Seconds {
    /// @param dead of anything but a person it is nobody
    List<Denied> of(Denied dead);
  }

  /// Asks our own decision for every connector that it is about, and calls those for which somebody
  /// held a grant. A person is refused everywhere; of a client or provider a token of somebody who
  /// never had one would be refused anyway and prove nothing, so there it takes a holder. Whoever
  /// else a person has been here is tried as well.
  List<ProbeResult> probe(Denied dead, Instant killedAt, Instant issuedAt) {
    var results = new ArrayList<>(tried(dead, anybody(dead), killedAt, issuedAt));
    for (var second : seconds.of(dead)) {
      results.addAll(tried(second, Optional.empty(), killedAt, issuedAt));
    }
    return results;
  }

  private List<ProbeResult> tried(
      Denied dead, Optional<Holder> anybody, Instant killedAt, Instant issuedAt) {
    var results = new ArrayList<ProbeResult>();
    var calls = new ArrayList<Callable<ProbeResult>>();
    var held = holders.held(dead, killedAt);
    for (var resource : config.resources()) {
      var holder = held.of(resource.resource()).map(Holders.Grant::holder);
      var origins = holder.or(() -> anybody);
      if (origins.isEmpty()) {
        continue;
      }
      var token = token(dead, origins.get(), resource, issuedAt);
      var own = introspected(resource.resource(), token);
      results.add(own);
      if (holder.isPresent() && resource.probe() && own.outcome() == ProbeResult.Outcome.REFUSED) {
        calls.add(() -> called(resource, token));
      }
    }
    results.addAll(all(calls));
    return results;
  }

  private Optional<Holder> anybody(Denied dead) {
    // Of no issuer: of ours it would be refused where nobody may consent, dead or not.
    return dead.kind() == Denied.Kind.PERSON
        ? Optional.of(new Holder(dead.value(), CLIENT.value(), Optional.empty()))
        : Optional.empty();
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

  private Secret token(Denied dead, Holder holder, RasConfig.Resource resource, Instant issuedAt) {
    // The client is a part of it only where it is the reason.
    var client = dead.kind() == Denied.Kind.CLIENT ? new ClientId(holder.client()) : CLIENT;
    // As long as the probe takes, from now; the kill may be a while ago.
    var end = tokens.now().plus(LIFE);
    var made =
        new AccessTokenClaims(
            config.issuer(), holder.person(), client, List.of(resource.resource()));
    var claims =
        (dead.kind() == Denied.Kind.GRANT ? made.grant(dead.value()) : made)
            .build(OpaqueToken.identifier(), issuedAt, end)
            .with(JsonObject.builder().putIfPresent("idp", holder.issuer()).build());
    return tokens.made(claims, end, resource.tokens());
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
      case EgressResult.Answered answer -> judged(resource, answer);
      case EgressResult.Refused(var reason) -> unknown(identifier, "not called: " + reason);
      case EgressResult.Failed(var reason) -> unknown(identifier, "no answer: " + reason);
    };
  }

  /// 401 refuses this token, 503 refuses everybody. 403 and whatever succeeds have taken it; of the
  /// rest nobody knows.
  private ProbeResult judged(RasConfig.Resource called, EgressResult.Answered answer) {
    var resource = called.resource();
    int status = answer.status();
    return switch (status) {
      case 401 -> result(resource, "http", true, "401" + error(answer));
      case 503 -> result(resource, "http", true, "503");
      case 403 -> taken(called, "403");
      default ->
          status >= 200 && status < 300
              ? taken(called, String.valueOf(status))
              : unknown(resource, String.valueOf(status));
    };
  }

  private ProbeResult taken(RasConfig.Resource by, String answer) {
    return by.tokens().statusList()
        ? unknown(by.resource(), answer + ": it may have a status list of before the kill")
        : result(by.resource(), "http", false, answer);
  }

  /// Why, in its own words: `invalid_token` is about this one, no word may be about anything.
  private static String error(EgressResult.Answered answer) {
    return answer
        .header("WWW-Authenticate")
        .map(ERROR::matcher)
        .filter(Matcher::find)
        .map(found -> " " + found.group(1))
        .orElse("");
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
