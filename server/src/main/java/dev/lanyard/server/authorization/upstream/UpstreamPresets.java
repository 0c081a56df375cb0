package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.authorization.upstream.UpstreamPreset.IssuerForm;
import dev.lanyard.server.authorization.upstream.UpstreamPreset.Logout;
import dev.lanyard.server.yaml.YamlDocument;
import dev.lanyard.server.yaml.YamlMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// What is known of OpenID Providers: a file with a date, never constants.
///
/// @param asOf when somebody looked last
/// @param all in the order of the file
public record UpstreamPresets(LocalDate asOf, List<UpstreamPreset> all) {

  public UpstreamPresets {
    all = List.copyOf(all);
  }

  /// The presets of this release.
  public static UpstreamPresets builtIn() {
    var name = "upstream-presets.yaml";
    try (var stream = UpstreamPresets.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("the presets are missing from this build");
      }
      return YamlDocument.parse(Path.of(name), stream.readAllBytes()).read(UpstreamPresets::read);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The preset of this name.
  ///
  /// @throws IllegalArgumentException that names those that there are
  public UpstreamPreset named(String id) {
    return all.stream()
        .filter(preset -> preset.id().equals(id))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'"
                    + id
                    + "' is none of "
                    + String.join(", ", all.stream().map(UpstreamPreset::id).toList())));
  }

  private static UpstreamPresets read(YamlMap top) {
    var presets = top.map("presets");
    return new UpstreamPresets(
        top.value("as_of", LocalDate::parse),
        presets.keys().stream().map(id -> preset(id, presets.map(id))).toList());
  }

  private static UpstreamPreset preset(String id, YamlMap map) {
    var userNames = map.texts("user_name_claims");
    return new UpstreamPreset(
        id,
        map.text("name"),
        issuer(map.map("issuer")),
        Scopes.of(map.texts("scopes")),
        new ClaimNames(
            map.text("subject_claim", ClaimNames.SUB),
            userNames.isEmpty() ? ClaimNames.STANDARD.userName() : userNames,
            ClaimNames.STANDARD.email(),
            ClaimNames.STANDARD.displayName(),
            map.optionalText("groups_claim"),
            Map.of()),
        Set.copyOf(map.texts("required_claims")),
        Set.copyOf(map.values("algorithms", UpstreamPresets::algorithm)),
        map.optionalText("domain_hint_parameter"),
        map.optionalValue("group_overage", URI::create),
        map.value("logout", Logout::named),
        map.text("recipe"),
        map.texts("notes"));
  }

  private static IssuerForm issuer(YamlMap map) {
    return new IssuerForm(map.text("form"), map.optionalText("pattern").map(Pattern::compile));
  }

  private static SigningAlgorithm algorithm(String name) {
    return SigningAlgorithm.of(name)
        .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no algorithm of ours"));
  }
}
