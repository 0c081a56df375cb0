package dev.lanyard.server.app.command.connect;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.app.command.Questions;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.SignInSection;
import dev.lanyard.server.app.configuration.UpstreamSection;
import dev.lanyard.server.authorization.upstream.UpstreamConfig;
import dev.lanyard.server.authorization.upstream.UpstreamPreset;
import dev.lanyard.server.yaml.YamlDocument;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Everything that `lanyard connect` must be told about a provider: an option each, and a question
/// for those that are missing where somebody can answer.
final class ConnectAnswers {
  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Its short name, part of the redirect URI (default: the preset's).")
  private Optional<String> id = Optional.empty();

  @Option(names = "--name", paramLabel = "NAME", description = "What people read on the button.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--issuer",
      paramLabel = "URL",
      description = "Its issuer identifier, byte for byte as its discovery document says.")
  private Optional<String> issuer = Optional.empty();

  @Option(names = "--client-id", paramLabel = "ID", description = "Our client id there.")
  private Optional<String> clientId = Optional.empty();

  @Option(
      names = "--client-secret-file",
      paramLabel = "FILE",
      description =
          "A file with our client secret there. Without it the secret is asked for, or read from"
              + " standard input, and written to secrets/<id>.")
  private Optional<String> secretFile = Optional.empty();

  @Option(
      names = "--domain",
      split = ",",
      paramLabel = "DOMAIN",
      description = "E-mail domains whose people sign in there, where there are several providers.")
  private List<String> domains = List.of();

  @Option(
      names = "--scope",
      split = ",",
      paramLabel = "SCOPE",
      description = "What to ask for (default: the preset's).")
  private List<String> scopes = List.of();

  @Option(
      names = "--groups-claim",
      paramLabel = "CLAIM",
      description = "The claim that lists groups, by name or path (default: the preset's).")
  private Optional<String> groupsClaim = Optional.empty();

  @Option(
      names = "--subject-claim",
      paramLabel = "CLAIM",
      description = "The claim that means a person for ever (default: the preset's).")
  private Optional<String> subjectClaim = Optional.empty();

  @Option(
      names = "--group",
      paramLabel = "THERE=HERE",
      description = "What a group there is called here; 'app-*=*' for all that begin so.")
  private Map<String, String> groups = new LinkedHashMap<>();

  @Option(
      names = "--always",
      split = ",",
      paramLabel = "GROUP",
      description = "Groups of everybody who signs in there.")
  private List<String> always = List.of();

  @Option(
      names = "--require",
      paramLabel = "CLAIM=VALUE",
      description = "A claim that must have this value, such as hd=example.com at Google.")
  private Map<String, String> required = new LinkedHashMap<>();

  String id(UpstreamPreset preset) {
    return id(preset.id());
  }

  /// The file that the configuration will name.
  String secretFile(UpstreamPreset preset) {
    return secretFile.orElse("secrets/" + id(preset));
  }

  /// Whether the secret is to be asked for and kept.
  boolean bringsSecret() {
    return secretFile.isEmpty();
  }

  /// Asks for what is missing.
  ///
  /// @throws CommandFailure that names the option, where nobody can be asked
  void complete(UpstreamPreset preset, Questions questions) {
    issuer = Optional.of(questions.answer(issuer, "--issuer", "Issuer", preset.issuer().form()));
    clientId = Optional.of(questions.answer(clientId, "--client-id", "Client id", ""));
    for (var claim : preset.required()) {
      if (!required.containsKey(claim)) {
        var value =
            questions.answer(
                Optional.empty(),
                "--require " + claim + "=VALUE",
                "Value of the claim '" + claim + "' that is yours",
                "acme.com");
        required.put(claim, value);
      }
    }
  }

  /// What people read on the button, and whose people sign in there: said of providers of either
  /// kind.
  ///
  /// @param button what they read if nothing is said
  void common(EntryLines lines, Optional<String> button) {
    lines.put("name", name.or(() -> button));
    lines.put("domains", domains);
  }

  /// Its short name, where a provider of another kind has this one by default.
  String id(String otherwise) {
    return id.orElse(otherwise);
  }

  /// The lines of the entry in `sign_in.upstreams`.
  List<String> entry(UpstreamPreset preset) {
    var lines = new EntryLines();
    lines.put("id", id(preset));
    lines.put("preset", preset.id());
    lines.put("issuer", issuer);
    lines.put("client_id", clientId);
    lines.put("client_secret_file", secretFile(preset));
    common(lines, Optional.empty());
    lines.put("scopes", scopes);
    lines.put("groups_claim", groupsClaim);
    lines.put("subject_claim", subjectClaim);
    lines.put("required_claims", required);
    lines.below(
        "groups",
        group -> {
          group.put("names", groups);
          group.put("always", always);
        });
    return lines.all();
  }

  /// The same as the configuration will understand it.
  ///
  /// @param secret ours, there
  /// @throws dev.lanyard.server.yaml.FaultyFileException with what is wrong in the answers
  UpstreamConfig config(UpstreamPreset preset, Secret secret) {
    var section = new UpstreamSection(_ -> secret);
    return YamlDocument.parse(Path.of("your answers"), String.join("\n", entry(preset)))
        .read(map -> {
          var _ = SignInSection.domains(map);
          return section.read(map);
        });
  }
}
