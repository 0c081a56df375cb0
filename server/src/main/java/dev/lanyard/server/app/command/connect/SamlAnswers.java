package dev.lanyard.server.app.command.connect;

import dev.lanyard.server.app.command.Questions;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.SamlSection;
import dev.lanyard.server.app.configuration.SignInSection;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig;
import dev.lanyard.server.yaml.YamlDocument;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Option;

/// What `lanyard connect` must be told about a SAML provider beside what it asks of every provider.
final class SamlAnswers {
  @Option(
      names = "--entity-id",
      paramLabel = "ID",
      description = "SAML: what the provider calls itself, byte for byte.")
  private Optional<String> entityId = Optional.empty();

  @Option(
      names = "--metadata-url",
      paramLabel = "URL",
      description = "SAML: where the provider's metadata are.")
  private Optional<String> metadataUrl = Optional.empty();

  @Option(
      names = "--metadata-file",
      paramLabel = "FILE",
      description = "SAML: a file with the metadata, which is then not fetched anew.")
  private Optional<String> metadataFile = Optional.empty();

  @Option(
      names = "--name-id-format",
      paramLabel = "FORMAT",
      description = "SAML: persistent, unspecified, email or transient (default: the preset's).")
  private Optional<String> nameIdFormat = Optional.empty();

  @Option(
      names = "--subject-attribute",
      paramLabel = "ATTRIBUTE",
      description = "SAML: the attribute that means a person for ever (default: the preset's).")
  private Optional<String> subject = Optional.empty();

  @Option(
      names = "--attribute",
      paramLabel = "OURS=THEIRS",
      description = "SAML: which attribute has user_name, email, name or groups.")
  private Map<String, String> attributes = new LinkedHashMap<>();

  /// Asks for what is missing.
  ///
  /// @throws CommandFailure that names the option, where nobody can be asked
  void complete(SamlPreset preset, Questions questions) {
    entityId =
        Optional.of(questions.answer(entityId, "--entity-id", "Entity ID", preset.entityId()));
    if (metadataFile.isEmpty()) {
      metadataUrl =
          Optional.of(
              questions.answer(
                  metadataUrl, "--metadata-url", "Address of its metadata", preset.metadata()));
    }
  }

  /// The lines of the entry in `sign_in.upstreams`.
  ///
  /// @param common what is asked of providers of either kind
  List<String> entry(SamlPreset preset, ConnectAnswers common) {
    var lines = new EntryLines();
    lines.put("type", "saml");
    lines.put("id", common.id(preset.id()));
    lines.put("entity_id", entityId);
    lines.put("metadata_url", metadataUrl);
    lines.put("metadata_file", metadataFile);
    common.common(lines, preset.button());
    lines.put("name_id_format", nameIdFormat.or(preset::nameIdFormat));
    lines.put("subject_attribute", subject.or(preset::subject));
    var named = new LinkedHashMap<>(preset.attributes());
    named.putAll(attributes);
    lines.put("attributes", named);
    return lines.all();
  }

  /// The same as the configuration will understand it.
  ///
  /// @param files finds a file that the answers name
  /// @throws dev.lanyard.server.yaml.FaultyFileException with what is wrong in the answers
  static SamlUpstreamConfig config(List<String> entry, Function<String, Path> files) {
    return YamlDocument.parse(Path.of("your answers"), String.join("\n", entry))
        .read(map -> {
          var _ = map.text("type");
          var _ = SignInSection.domains(map);
          return new SamlSection(files).read(map);
        });
  }
}
