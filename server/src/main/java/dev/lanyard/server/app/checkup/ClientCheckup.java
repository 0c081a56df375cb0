package dev.lanyard.server.app.checkup;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.WellKnown;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.clients.AuthMethod;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.ras.RasConfig;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Looks at a set-up as each of the real MCP clients does: where it asks, what it must find there,
/// and what it must be registered with (INT-5). Asks for public documents only.
public final class ClientCheckup {
  /// Claude Code throws the refresh token away: whoever signed in must stay so for a working day.
  private static final Duration WORKING_DAY = Duration.ofHours(8);

  /// Claude Code gets a new token when five minutes or less are left, and clients lose silence with
  /// shorter ones.
  private static final Duration SILENT = Duration.ofMinutes(10);

  private static final Duration EACH = Duration.ofSeconds(5);
  private static final int MOST_BYTES = 256 * 1024;

  private final EgressClient egress;
  private final Map<URI, Optional<JsonObject>> documents = new HashMap<>();
  private final List<Finding> findings = new ArrayList<>();

  public ClientCheckup(EgressPolicy policy) {
    this.egress = new EgressClient(policy.limitedTo(EACH, MOST_BYTES));
  }

  /// Looks with the eyes of every real client.
  ///
  /// @param clients of the broker
  public List<Finding> examine(
      Optional<BrokerConfig> broker,
      Optional<RasConfig> ras,
      Collection<Client> clients,
      Collection<Connector> connectors) {
    for (var kind : RealClient.values()) {
      broker
          .filter(_ -> kind.comesToBroker())
          .ifPresent(config -> examine(kind, config, clients, connectors));
      connectors.stream()
          .map(Connector::authorizationServer)
          .distinct()
          .forEach(server -> examine(kind, server));
      connectors.forEach(connector -> examine(kind, connector));
    }
    ras.ifPresent(this::demandSilence);
    return List.copyOf(findings);
  }

  private void demandSilence(RasConfig ras) {
    if (ras.accessTokenLife().compareTo(SILENT) < 0) {
      findings.add(
          Finding.note(
              RealClient.CLAUDE_CODE.title() + " at " + ras.issuer(),
              "access tokens live %d seconds, and it gets a new one when 300 or less are left: with"
                      .formatted(ras.accessTokenLife().toSeconds())
                  + " five minutes or less at every connect, which providers count. Set"
                  + " ras.access_token_life to 10m or more; a kill does not wait for it"));
    }
  }

  private void examine(
      RealClient kind,
      BrokerConfig broker,
      Collection<Client> clients,
      Collection<Connector> connectors) {
    var about = kind.title() + " at the broker";
    int before = findings.size();
    demandHttps(about, broker.issuer().uri());
    var place = WellKnown.authorizationServer(broker.issuer()).getLast();
    var document = document(place);
    if (document.isEmpty()) {
      bad(about, "it reads " + place + " only, and finds nothing there");
      return;
    }
    if (document.get().text("jwks_uri").isEmpty()) {
      bad(about, place + " names no jwks_uri, without which it does not go on");
    }
    demandAll(
        about,
        place,
        strings(document.get(), "token_endpoint_auth_methods_supported"),
        values(kind.methodsAtBroker()));
    demandAll(
        about, place, strings(document.get(), "code_challenge_methods_supported"), List.of("S256"));
    if (kind == RealClient.CLAUDE_CODE) {
      demandWorkingDay(about, broker, clients);
    }
    examineRegistration(kind, about, broker, clients, connectors);
    goodUnless(before, about, "everything that it asks for is there");
  }

  private void demandWorkingDay(String about, BrokerConfig broker, Collection<Client> clients) {
    clients.stream()
        .filter(RealClient.CLAUDE_CODE::fits)
        .filter(client ->
            client.openId().idTokenLife().orElse(broker.lives().idToken()).compareTo(WORKING_DAY)
                < 0)
        .forEach(client ->
            findings.add(
                Finding.note(
                    about,
                    "it keeps the ID token only, and that of client "
                        + client.id()
                        + " lives less than a working day: set id_token_life to 8h, or people sign"
                        + " in again and again")));
  }

  private void examineRegistration(
      RealClient kind,
      String about,
      BrokerConfig broker,
      Collection<Client> clients,
      Collection<Connector> connectors) {
    var fitting = clients.stream().filter(kind::fits).toList();
    if (fitting.isEmpty()) {
      findings.add(
          Finding.note(
              about,
              "no client in the clients file or the console could be it. It needs redirect_uris %s, grants %s, and"
                      .formatted(
                          kind.redirects(),
                          kind.grants().stream().map(GrantType::value).sorted().toList())
                  + " to prove itself by "
                  + String.join(" and ", values(kind.methodsAtBroker()))));
    }
    for (var client : fitting) {
      connectors.stream()
          .map(Connector::authorizationServer)
          .distinct()
          .filter(server -> client.idAt(server, broker.exchange().tenantAt(server)).isEmpty())
          .forEach(server ->
              findings.add(
                  Finding.note(
                      about,
                      "client "
                          + client.id()
                          + " has no name at "
                          + server
                          + ": add it under ids_at, or its exchanges for connectors there are"
                          + " refused")));
    }
  }

  private void examine(RealClient kind, Issuer server) {
    var about = kind.title() + " at " + server;
    int before = findings.size();
    if (kind == RealClient.CLAUDE_CODE) {
      demandHttps(about, server.uri());
    }
    var place = WellKnown.authorizationServer(server).getFirst();
    var document = document(place);
    if (document.isEmpty()) {
      bad(about, place + " answers with no metadata");
      return;
    }
    if (!document.get().text("issuer").equals(Optional.of("\"" + server + "\""))) {
      bad(
          about,
          "%s says that its issuer is %s; write that, to the last slash, as authorization_server"
              .formatted(place, document.get().text("issuer").orElse("nothing")));
    }
    var grants = strings(document.get(), "grant_types_supported");
    if (!grants.contains(GrantType.JWT_BEARER.value())
        && (kind == RealClient.HOSTED_CLAUDE || !grants.isEmpty())) {
      bad(
          about,
          place
              + " does not list "
              + GrantType.JWT_BEARER.value()
              + " in grant_types_supported, so it passes the server over");
    }
    if (!strings(document.get(), "authorization_grant_profiles_supported")
        .contains(AuthorizationServerMetadata.ID_JAG_PROFILE)) {
      findings.add(
          Finding.note(about, place + " does not say that it takes ID-JAGs; ask its operator"));
    }
    demandOne(
        about,
        place,
        strings(document.get(), "token_endpoint_auth_methods_supported"),
        values(kind.methodsAtServer()));
    goodUnless(before, about, "everything that it asks for is there");
  }

  private void examine(RealClient kind, Connector connector) {
    var about = kind.title() + " at " + connector.id();
    var place = WellKnown.protectedResource(connector.resource());
    var document = document(place);
    if (document.isEmpty()) {
      // Whether it is reachable from here says nothing about the client's machine.
      findings.add(
          Finding.note(about, place + " answers with nothing here; the client asks there first"));
      return;
    }
    int before = findings.size();
    var resource = document.get().text("resource").orElse("nothing");
    if (!resource.equals("\"" + connector.resource() + "\"")) {
      bad(
          about,
          "%s says that its resource is %s, and the role library %s. Write both alike, to the last slash"
              .formatted(place, resource, connector.resource()));
    }
    var servers = strings(document.get(), "authorization_servers");
    if (servers.isEmpty() || !servers.getFirst().equals(connector.authorizationServer().value())) {
      findings.add(
          kind == RealClient.VSCODE || !servers.contains(connector.authorizationServer().value())
              ? Finding.bad(
                  about,
                  "it sends authorization_servers[0] as the audience, byte for byte, and that is %s and not %s"
                      .formatted(
                          servers.isEmpty() ? "missing" : servers.getFirst(),
                          connector.authorizationServer()))
              : Finding.note(about, "its authorization server is not named first"));
    }
    goodUnless(
        before,
        about,
        "enter as URL %s; audience %s, resource %s"
            .formatted(
                connector.resource(), connector.authorizationServer(), connector.resource()));
  }

  private void demandHttps(String about, URI uri) {
    if (!"https".equals(uri.getScheme())) {
      bad(about, uri + " is not https, which it demands also on loopback");
    }
  }

  /// @param offered nothing said means Basic only
  private void demandOne(String about, URI place, List<String> offered, List<String> wanted) {
    if (!offered.isEmpty() && wanted.stream().noneMatch(offered::contains)) {
      bad(about, "%s offers %s, and it can only %s".formatted(place, offered, wanted));
    }
  }

  /// @param offered nothing said is no finding: what it uses it uses unasked
  private void demandAll(String about, URI place, List<String> offered, List<String> wanted) {
    if (!offered.isEmpty() && !offered.containsAll(wanted)) {
      bad(about, "%s offers %s, and it uses %s".formatted(place, offered, wanted));
    }
  }

  private static List<String> values(Set<AuthMethod> methods) {
    return methods.stream().map(AuthMethod::value).sorted().toList();
  }

  private static List<String> strings(JsonObject document, String member) {
    try {
      return document.strings(member).orElse(List.of());
    } catch (MalformedException e) {
      return List.of();
    }
  }

  private Optional<JsonObject> document(URI place) {
    return documents.computeIfAbsent(
        place,
        _ -> {
          try {
            return egress.send(EgressRequest.get(place)) instanceof EgressResult.Answered answer
                    && answer.status() == 200
                ? Optional.of(answer.json())
                : Optional.empty();
          } catch (MalformedException e) {
            return Optional.empty();
          }
        });
  }

  private void bad(String about, String detail) {
    findings.add(Finding.bad(about, detail));
  }

  private void goodUnless(int before, String about, String detail) {
    if (findings.size() == before) {
      findings.add(Finding.good(about, detail));
    }
  }
}
