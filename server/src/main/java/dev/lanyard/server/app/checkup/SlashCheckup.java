package dev.lanyard.server.app.checkup;

import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.broker.AudienceProfile;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.library.Connector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds names in the files of an administrator's that are meant to be the same and differ in a
/// slash at the end (INT-5). Issuers and resources are compared byte for byte, so each of them is
/// somebody else, and what was meant is refused wherever it comes.
public final class SlashCheckup {
  private final Map<String, String> known = new LinkedHashMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private int compared;

  /// @param clients of the broker
  public static SlashCheckup of(
      Configuration config, Collection<Connector> connectors, Collection<Client> clients) {
    var checkup = new SlashCheckup();
    config.broker().ifPresent(one -> checkup.is("broker.issuer", one.config().issuer()));
    config
        .ras()
        .map(one -> one.config())
        .ifPresent(ras -> {
          checkup.is("ras.issuer", ras.issuer());
          ras.resources().forEach(one -> checkup.is("ras.resources", one.resource()));
          ras.organisations()
              .forEach(organisation ->
                  organisation
                      .providers()
                      .forEach(trusted ->
                          checkup.means(
                              "the issuer of organisation " + organisation.name(),
                              trusted.issuer())));
        });
    for (var connector : connectors) {
      var name = " of connector " + connector.id();
      checkup.means("the authorization_server" + name, connector.authorizationServer());
      checkup.means("the resource" + name, connector.resource());
      checkup.is("the authorization_server" + name, connector.authorizationServer());
    }
    for (var client : clients) {
      client.idsAt().keySet().forEach(at -> checkup.means("ids_at of client " + client.id(), at));
    }
    config
        .broker()
        .ifPresent(broker ->
            broker.config().exchange().audiences().stream()
                .map(AudienceProfile::issuer)
                .forEach(issuer -> checkup.means("broker.exchange.audiences", issuer)));
    return checkup;
  }

  /// What is called so.
  private void is(String where, Object name) {
    known.putIfAbsent(name.toString(), where);
  }

  /// What should be the name of something, and may be that of something elsewhere.
  private void means(String where, Object name) {
    compared++;
    var written = name.toString();
    var other = written.endsWith("/") ? written.substring(0, written.length() - 1) : written + "/";
    Optional.ofNullable(known.get(other))
        .filter(_ -> !known.containsKey(written))
        .ifPresent(meant ->
            findings.add(
                Finding.bad(
                    "slash",
                    "%s is '%s', and %s is '%s'. Write both alike, to the last slash"
                        .formatted(where, written, meant, other))));
  }

  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  public int compared() {
    return compared;
  }
}
