package dev.lanyard.server.app.command.connect;

import dev.lanyard.server.yaml.YamlDocument;
import dev.lanyard.server.yaml.YamlMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is known of one vendor's SAML provider: what `lanyard connect` writes where nothing else is
/// said.
///
/// @param id its word on the command line
/// @param name for people
/// @param button what people read on the button
/// @param entityId what its entity ID looks like
/// @param metadata where its metadata are, or what the place looks like
/// @param nameIdFormat what names people there
/// @param subject the attribute that means a person for ever, where the NameID does not
/// @param attributes ours to theirs
/// @param notes what people stumble over
record SamlPreset(
    String id,
    String name,
    Optional<String> button,
    String entityId,
    String metadata,
    Optional<String> nameIdFormat,
    Optional<String> subject,
    Map<String, String> attributes,
    List<String> notes) {

  /// The presets of this release, in the order of their file.
  static List<SamlPreset> builtIn() {
    var name = "saml-presets.yaml";
    try (var stream = SamlPreset.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("the SAML presets are missing from this build");
      }
      return YamlDocument.parse(Path.of(name), stream.readAllBytes()).read(SamlPreset::read);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<SamlPreset> read(YamlMap top) {
    var presets = top.map("presets");
    return presets.keys().stream().map(id -> preset(id, presets.map(id))).toList();
  }

  private static SamlPreset preset(String id, YamlMap map) {
    var attributes = new LinkedHashMap<String, String>();
    map.optionalMap("attributes")
        .ifPresent(
            section -> section.keys().forEach(ours -> attributes.put(ours, section.text(ours))));
    return new SamlPreset(
        id,
        map.text("name"),
        map.optionalText("button"),
        map.text("entity_id"),
        map.text("metadata"),
        map.optionalText("name_id_format"),
        map.optionalText("subject_attribute"),
        attributes,
        map.texts("notes"));
  }
}
