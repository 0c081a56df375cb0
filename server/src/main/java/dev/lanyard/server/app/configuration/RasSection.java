package dev.lanyard.server.app.configuration;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.authorization.SignInWays;
import dev.lanyard.server.authorization.upstream.AuthenticationRequirement;
import dev.lanyard.server.clients.SecretHash;
import dev.lanyard.server.library.DetailTypes;
import dev.lanyard.server.ras.FlowConfig;
import dev.lanyard.server.ras.RasConfig;
import dev.lanyard.server.ras.RasConfig.Resource;
import dev.lanyard.server.ras.RasConfig.TokenForm;
import dev.lanyard.server.ras.RasConfig.TokenForm.Format;
import dev.lanyard.server.ras.administration.EnrolmentConfig;
import dev.lanyard.server.ras.organisations.Flows;
import dev.lanyard.server.ras.organisations.IdentityProvider;
import dev.lanyard.server.ras.organisations.KeyRules;
import dev.lanyard.server.ras.organisations.Matching;
import dev.lanyard.server.ras.organisations.NameIdRule;
import dev.lanyard.server.ras.organisations.Organisation;
import dev.lanyard.server.ras.organisations.ReplayPolicy;
import dev.lanyard.server.yaml.YamlMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The `ras` section of the configuration.
final class RasSection {
  private final Function<YamlMap, SignInWays> signIns;

  /// @param signIns reads how people sign in
  RasSection(Function<YamlMap, SignInWays> signIns) {
    this.signIns = signIns;
  }

  RasConfig read(YamlMap map) {
    var both = map.optionalValue("flows", Flows::named).orElse(Flows.EMA_ONLY) == Flows.BOTH;
    return new RasConfig(
        map.value("issuer", Issuer::new),
        map.duration("access_token_life", RasConfig.DEFAULT_ACCESS_TOKEN_LIFE),
        map.maps("resources").stream().map(RasSection::resource).toList(),
        map.maps("organisations").stream().map(RasSection::organisation).toList(),
        map.optionalMap("enrolment").map(RasSection::enrolment).orElse(EnrolmentConfig.OFF),
        both ? Optional.of(flow(map)) : Optional.empty());
  }

  /// Read only where it is on: how people would sign in where nobody does is a mistake.
  private FlowConfig flow(YamlMap map) {
    return new FlowConfig(
        signIns.apply(map.map("sign_in")),
        map.duration("session_life", FlowConfig.DEFAULT_SESSION_LIFE),
        map.duration("refresh_token_life", FlowConfig.DEFAULT_REFRESH_TOKEN_LIFE));
  }

  private static EnrolmentConfig enrolment(YamlMap map) {
    return new EnrolmentConfig(
        map.bool("enabled", false), map.values("admin_token_hashes", SecretHash::parse));
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
            map.bool("status_list", false)),
        map.optionalMap("sign_in").map(RasSection::signIn).orElse(AuthenticationRequirement.NONE),
        DetailTypes.read(map),
        map.optionalMap("scope_descriptions").map(RasSection::words).orElse(Map.of()));
  }

  private static Map<String, String> words(YamlMap map) {
    var words = new LinkedHashMap<String, String>();
    map.keys().forEach(scope -> words.put(scope, map.text(scope)));
    return words;
  }

  private static AuthenticationRequirement signIn(YamlMap map) {
    return new AuthenticationRequirement(map.texts("acr"), map.optionalDuration("max_age"));
  }

  private static Organisation organisation(YamlMap map) {
    return new Organisation(
        map.text("name"),
        map.optionalText("tenant"),
        map.maps("issuers").stream().map(RasSection::provider).toList(),
        map.has("clients")
            ? Optional.of(Set.copyOf(map.values("clients", ClientId::new)))
            : Optional.empty(),
        map.has("scopes") ? Optional.of(Scopes.of(map.texts("scopes"))) : Optional.empty(),
        map.optionalValue("flows", Flows::named).orElse(Flows.EMA_ONLY));
  }

  private static IdentityProvider provider(YamlMap map) {
    return new IdentityProvider(
        map.value("issuer", Issuer::new),
        ConfigurationFile.algorithms(map, IdentityProvider.ALGORITHMS),
        new KeyRules(Set.copyOf(map.texts("refused_keys")), Set.copyOf(map.texts("pinned_keys"))),
        map.optionalText("tenant"),
        new Matching(
            Set.copyOf(map.texts("domains")),
            map.bool("link_by_email", false),
            map.bool("create_people", false),
            map.optionalMap("name_id").map(RasSection::nameId)),
        map.optionalValue("replay", ReplayPolicy::named).orElseGet(ReplayPolicy.SingleUse::new),
        map.bool("carry_actor", false),
        map.optionalText("revocation_caller"));
  }

  private static NameIdRule nameId(YamlMap map) {
    return new NameIdRule(
        map.text("issuer"),
        map.optionalText("format"),
        map.optionalText("name_qualifier"),
        map.optionalText("sp_name_qualifier"),
        map.value("means", NameIdRule.Means::named),
        map.bool("required", false));
  }
}
