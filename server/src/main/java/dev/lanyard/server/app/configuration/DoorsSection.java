package dev.lanyard.server.app.configuration;

import dev.lanyard.server.clients.SecretHash;
import dev.lanyard.server.clients.documents.DocumentConfig;
import dev.lanyard.server.clients.registration.RegistrationConfig;
import dev.lanyard.server.token.KnownClients;
import dev.lanyard.server.yaml.YamlMap;

/// What the section of a server says about clients that no file names.
final class DoorsSection {
  private DoorsSection() {}

  private static KnownClients.Doors read(YamlMap server) {
    return new KnownClients.Doors(
        server
            .optionalMap("client_id_metadata_documents")
            .map(map -> new DocumentConfig(map.texts("hosts"), map.texts("urls")))
            .orElse(DocumentConfig.OFF),
        server
            .optionalMap("client_registration")
            .map(DoorsSection::registration)
            .orElse(RegistrationConfig.OFF));
  }

  /// At the broker nobody is asked for consent: whoever could register there unasked would be told
  /// who everybody is that follows a link of theirs.
  static KnownClients.Doors readOfBroker(YamlMap broker) {
    var doors = read(broker);
    if (doors.registration().enabled() && doors.registration().initialTokens().isEmpty()) {
      broker.fault(
          "client_registration",
          "'client_registration.initial_token_hashes' is missing: the broker asks nobody for"
              + " consent, so only whom you give a token may register there; `lanyard client"
              + " secret` makes one");
    }
    return doors;
  }

  /// Without the ordinary flow there is nothing at the resource authorization server that a client
  /// could do which has registered itself: it has no part in EMA.
  ///
  /// @param ordinary whether people sign in and consent there
  static KnownClients.Doors readOfRas(YamlMap ras, boolean ordinary) {
    var doors = read(ras);
    if (doors.registration().enabled() && !ordinary) {
      ras.fault(
          "client_registration",
          "'client_registration' is of no use without the ordinary flow: a client that registers"
              + " itself has no part in EMA. Say 'flows: both', or take it away");
    }
    return doors;
  }

  private static RegistrationConfig registration(YamlMap map) {
    return new RegistrationConfig(
        map.bool("enabled", false),
        map.values("initial_token_hashes", SecretHash::parse),
        map.duration("forgotten_after", RegistrationConfig.DEFAULT_FORGOTTEN_AFTER),
        map.integer("most", RegistrationConfig.DEFAULT_MOST));
  }
}
