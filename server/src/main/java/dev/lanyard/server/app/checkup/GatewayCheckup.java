package dev.lanyard.server.app.checkup;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.metadata.WellKnown;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.gateway.front.Front;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Looks at the gateway as MCP clients come to it, and at the servers behind it as it does: without
/// a token, so that nothing is let through or recorded but a refusal.
///
/// RS-1, RS-10, RS-14.
public final class GatewayCheckup {
  private static final Duration EACH = Duration.ofSeconds(5);
  private static final int MOST_BYTES = 256 * 1024;
  private static final String STRANGE = "https://origin.invalid";

  /// Asks for nothing that a server has.
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";

  private final EgressClient egress;
  private final List<Finding> findings = new ArrayList<>();

  public GatewayCheckup(EgressPolicy policy) {
    this.egress = new EgressClient(policy.limitedTo(EACH, MOST_BYTES));
  }

  /// Looks at connectors and aggregates.
  ///
  /// @param issuer whose tokens they take
  public List<Finding> examine(Issuer issuer, List<Front> fronts) {
    fronts.forEach(front -> examine(issuer, front));
    return List.copyOf(findings);
  }

  private void examine(Issuer issuer, Front front) {
    var name = "gateway of " + front.connector();
    var resource = front.metadata().resource();
    var place = WellKnown.protectedResource(resource);
    var address = URI.create(resource.value());
    var document = asked(name, EgressRequest.get(place));
    if (document.filter(answer -> isOwn(name, place, answer, issuer, front)).isPresent()) {
      challenged(name, address, place);
      origin(name, address);
    }
    front.upstream().ifPresent(url -> behind("server behind " + name, url));
  }

  private Optional<EgressResult.Answered> asked(String name, EgressRequest request) {
    return switch (egress.send(request)) {
      case EgressResult.Answered answer -> Optional.of(answer);
      case EgressResult.Refused(var reason) ->
          nothing(name, request + " may not be asked: " + reason + ". See 'outbound'.");
      case EgressResult.Failed(var reason) ->
          nothing(name, request + " cannot be reached: " + reason + ". Is it running?");
    };
  }

  private Optional<EgressResult.Answered> nothing(String name, String why) {
    findings.add(Finding.bad(name, why));
    return Optional.empty();
  }

  private boolean isOwn(
      String name, URI place, EgressResult.Answered answer, Issuer issuer, Front front) {
    try {
      var document = answer.status() == 200 ? JsonObject.parse(answer.body()) : JsonObject.EMPTY;
      var metadata = ProtectedResourceMetadata.parse(document, front.metadata().resource());
      boolean names = metadata.authorizationServers().contains(issuer);
      findings.add(
          names
              ? Finding.good(name, place + " says what it is, and names " + issuer)
              : Finding.bad(
                  name,
                  place
                      + " does not name "
                      + issuer
                      + ", so clients ask somebody else for tokens"));
      return names;
    } catch (MalformedException e) {
      findings.add(
          Finding.bad(
              name,
              place
                  + " answers "
                  + answer.status()
                  + " and no metadata of this connector ("
                  + e.getMessage()
                  + "). Something between here and there answers for it, or it is another one."));
      return false;
    }
  }

  private static EgressRequest ping(URI address) {
    return new EgressRequest(
        "POST",
        address,
        Map.of("Accept", "application/json, text/event-stream", "Content-Type", "application/json"),
        PING);
  }

  /// Without a token a client must learn where to get one.
  private void challenged(String name, URI address, URI place) {
    asked(name, ping(address))
        .ifPresent(answer -> {
          boolean leads =
              answer.status() == 401
                  && answer.headers("WWW-Authenticate").stream()
                      .anyMatch(header -> header.contains("resource_metadata=\"" + place + "\""));
          findings.add(
              leads
                  ? Finding.good(
                      name,
                      address + " answers a call without a token with 401, and where to get one")
                  : Finding.bad(
                      name,
                      address
                          + " answers a call without a token with "
                          + answer.status()
                          + " and no challenge that leads to "
                          + place
                          + ": clients do not sign in"));
        });
  }

  /// A page of somebody else's must not get as far as a token.
  private void origin(String name, URI address) {
    asked(name, ping(address).with("Origin", STRANGE))
        .ifPresent(answer ->
            findings.add(
                answer.status() == 403
                    ? Finding.good(name, "refuses pages of others (Origin)")
                    : Finding.bad(
                        name,
                        address
                            + " answers "
                            + answer.status()
                            + " instead of 403 to a page of "
                            + STRANGE
                            + ": what stands before it must pass Host and Origin on as they are")));
  }

  /// That somebody answers there is all that can be seen without credentials.
  private void behind(String name, URI url) {
    var request = ping(url);
    switch (egress.send(request)) {
      case EgressResult.Answered answer -> findings.add(behind(name, url, answer.status()));
      case EgressResult.Refused(var reason) ->
          findings.add(Finding.note(name, request + " is not asked from here: " + reason));
      case EgressResult.Failed(var reason) ->
          findings.add(Finding.bad(name, request + " cannot be reached: " + reason));
    }
  }

  private static Finding behind(String name, URI url, int status) {
    if (status >= 300 && status < 400) {
      return Finding.bad(
          name, url + " redirects, which the gateway does not follow: configure where it leads");
    }
    if (status == 401 || status == 403) {
      return Finding.note(
          name, url + " answers " + status + ": it wants credentials (upstream_credentials)");
    }
    return status == 404 || status >= 500
        ? Finding.bad(name, url + " answers " + status + ": is that its MCP endpoint?")
        : Finding.good(name, url + " answers");
  }
}
