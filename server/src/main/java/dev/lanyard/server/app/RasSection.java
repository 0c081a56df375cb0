package dev.lanyard.server.app;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.ras.IdentityProvider;
import dev.lanyard.server.ras.IdentityProvider.Matching;
import dev.lanyard.server.ras.RasConfig;
import dev.lanyard.server.ras.RasConfig.Organisation;
import dev.lanyard.server.ras.RasConfig.Resource;
import dev.lanyard.server.ras.RasConfig.TokenForm;
import dev.lanyard.server.ras.RasConfig.TokenForm.Format;
import dev.lanyard.server.ras.ReplayPolicy;
import dev.lanyard.server.yaml.YamlMap;
import java.util.Optional;
import java.util.Set;

/// The `ras` section of the configuration.
final class RasSection {
  private RasSection() {}

  static RasConfig read(YamlMap map) {
    return new RasConfig(
        map.value("issuer", Issuer::new),
        map.duration("access_token_life", RasConfig.DEFAULT_ACCESS_TOKEN_LIFE),
        map.maps("resources").stream().map(RasSection::resource).toList(),
        map.maps("organisations").stream().map(RasSection::organisation).toList());
  }

  private static Resource resource(YamlMap map) {
    var resource = map.value("resource", ResourceIndicator::new);
    return new Resource(
        resource,
        map.text("name", resource.value()),
        Scopes.of(map.texts("scopes")),
        map.bool("dpop_required", false),
        map.bool("probe", true),
        new TokenForm(
            map.optionalValue("token_format", TokenForm::format).orElse(Format.JWT),
            map.bool("status_list", false)));
  }

  private static Organisation organisation(YamlMap map) {
    return new Organisation(
        map.text("name"),
        map.optionalText("tenant"),
        map.maps("issuers").stream().map(RasSection::provider).toList(),
        map.has("clients")
            ? Optional.of(Set.copyOf(map.values("clients", ClientId::new)))
            : Optional.empty());
  }

  private static IdentityProvider provider(YamlMap map) {
    return new IdentityProvider(
        map.value("issuer", Issuer::new),
        ConfigurationFile.algorithms(map, Set.of(SigningAlgorithm.ES256, SigningAlgorithm.RS256)),
        map.optionalText("tenant"),
        new Matching(
            Set.copyOf(map.texts("domains")),
            map.bool("link_by_email", false),
            map.bool("create_people", false)),
        map.optionalValue("replay", ReplayPolicy::named).orElseGet(ReplayPolicy.SingleUse::new));
  }
}
