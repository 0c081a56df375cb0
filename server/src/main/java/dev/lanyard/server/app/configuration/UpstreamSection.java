package dev.lanyard.server.app.configuration;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.upstream.ClaimNames;
import dev.lanyard.server.authorization.upstream.GroupMapping;
import dev.lanyard.server.authorization.upstream.MicrosoftGraphConfig;
import dev.lanyard.server.authorization.upstream.UpstreamConfig;
import dev.lanyard.server.authorization.upstream.UpstreamPreset;
import dev.lanyard.server.authorization.upstream.UpstreamPresets;
import dev.lanyard.server.yaml.YamlMap;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// An entry of `sign_in.upstreams` that is an OpenID Provider. What it leaves out is as its preset
/// says.
public final class UpstreamSection {
  private final Function<String, Secret> secrets;

  /// @param secrets reads a secret's file
  public UpstreamSection(Function<String, Secret> secrets) {
    this.secrets = secrets;
  }

  public UpstreamConfig read(YamlMap map) {
    var id = map.text("id");
    var preset = map.optionalValue("preset", name -> UpstreamPresets.builtIn().named(name));
    var scopes = map.texts("scopes");
    return new UpstreamConfig(
        id,
        map.text("name", preset.map(UpstreamPreset::name).orElse(id)),
        map.value("issuer", text -> issuer(text, preset)),
        map.value("client_id", ClientId::new),
        map.value("client_secret_file", secrets),
        scopes.isEmpty()
            ? preset.map(UpstreamPreset::scopes).orElse(Scopes.NONE)
            : Scopes.of(scopes),
        ConfigurationFile.algorithms(
            map, preset.map(UpstreamPreset::algorithms).orElse(UpstreamConfig.ALGORITHMS)),
        claims(map, preset),
        groups(map),
        graph(map, preset),
        map.optionalText("domain_hint_parameter")
            .or(() -> preset.flatMap(UpstreamPreset::domainHint)),
        SignInSection.emailDomains(map));
  }

  /// The tokens of such a tenant name another issuer each, so nobody could ever sign in.
  private static Issuer issuer(String text, Optional<UpstreamPreset> preset) {
    if (text.matches("https://login\\.microsoftonline\\.com/(common|organizations|consumers)/.*")) {
      throw new IllegalArgumentException(
          "name the tenant by its id instead of '"
              + text
              + "', such as "
              + preset.map(one -> one.issuer().form()).orElse("…/TENANT-ID/v2.0"));
    }
    return new Issuer(text);
  }

  private static ClaimNames claims(YamlMap map, Optional<UpstreamPreset> preset) {
    var usual = preset.map(UpstreamPreset::claims).orElse(ClaimNames.STANDARD);
    var userNames = map.texts("user_name_claims");
    var groups = map.optionalText("groups_claim");
    return new ClaimNames(
        map.text("subject_claim", usual.subject()),
        userNames.isEmpty() ? usual.userName() : userNames,
        map.text("email_claim", usual.email()),
        map.text("name_claim", usual.displayName()),
        groups.isPresent() ? groups : usual.groups(),
        required(map, preset.map(UpstreamPreset::required).orElse(Set.of())));
  }

  private static Map<String, Set<String>> required(YamlMap map, Set<String> demanded) {
    var required = new HashMap<String, Set<String>>();
    map.optionalMap("required_claims")
        .ifPresent(section ->
            section.keys().forEach(name -> required.put(name, Set.copyOf(section.texts(name)))));
    for (var name : demanded) {
      if (required.getOrDefault(name, Set.of()).isEmpty()) {
        map.fault(
            map.has("required_claims") ? "required_claims" : "preset",
            "'required_claims' must say which '"
                + name
                + "' is yours, or everybody with an account there could sign in");
      }
    }
    return required;
  }

  /// What groups of a provider of either kind are called here.
  static GroupMapping groups(YamlMap upstream) {
    return upstream.optionalMap("groups").map(UpstreamSection::mapping).orElse(GroupMapping.SAME);
  }

  private static GroupMapping mapping(YamlMap map) {
    var names = new LinkedHashMap<String, String>();
    map.optionalMap("names")
        .ifPresent(
            section -> section.keys().forEach(there -> names.put(there, section.text(there))));
    return new GroupMapping(
        names,
        map.optionalValue("others", UpstreamSection::keeps).orElse(names.isEmpty()),
        Set.copyOf(map.texts("always")));
  }

  private static boolean keeps(String word) {
    if (!List.of("keep", "drop").contains(word)) {
      throw new IllegalArgumentException("'" + word + "' is none of keep, drop");
    }
    return word.equals("keep");
  }

  private static Optional<MicrosoftGraphConfig> graph(
      YamlMap map, Optional<UpstreamPreset> preset) {
    if (map.isMapping("group_overage")) {
      var section = map.map("group_overage");
      return Optional.of(
          new MicrosoftGraphConfig(
              section.value("microsoft_graph", URI::create),
              section.bool("security_groups_only", true)));
    }
    return preset
        .flatMap(UpstreamPreset::graph)
        .map(endpoint -> new MicrosoftGraphConfig(endpoint, true));
  }
}
