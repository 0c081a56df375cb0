package dev.lanyard.server.app.configuration;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.authorization.upstream.HomeRealms;
import dev.lanyard.server.scim.Compatibility;
import dev.lanyard.server.scim.ScimConfig;
import dev.lanyard.server.scim.ScimConnection;
import dev.lanyard.server.scim.ScimConnection.Existing;
import dev.lanyard.server.yaml.YamlMap;
import java.util.Set;
import java.util.stream.Collectors;

/// The `broker.scim` section of the configuration.
final class ScimSection {
  private ScimSection() {}

  /// @param organisation whose people a connection keeps that names no other
  static ScimConfig read(YamlMap map, String organisation) {
    return new ScimConfig(
        map.maps("connections").stream().map(one -> connection(one, organisation)).toList());
  }

  private static ScimConnection connection(YamlMap map, String organisation) {
    return new ScimConnection(
        map.text("id"),
        map.text("organisation", organisation),
        map.value("profile", Compatibility::named),
        map.texts("groups"),
        map.optionalValue("existing_people", Existing::named).orElse(Existing.REFUSE),
        map.optionalValue("subject_issuer", Issuer::new),
        map.integer("requests_per_second", ScimConnection.DEFAULT_REQUESTS_PER_SECOND),
        map.texts("clients").stream().map(ClientId::new).collect(Collectors.toSet()),
        Set.copyOf(map.values("email_domains", HomeRealms::domain)));
  }
}
