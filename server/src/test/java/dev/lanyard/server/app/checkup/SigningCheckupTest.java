package dev.lanyard.server.app.checkup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.clients.ClientRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("lanyard doctor says who wants signatures that the security module cannot make")
class SigningCheckupTest {
  private static final Set<SigningAlgorithm> MODULE =
      EnumSet.of(SigningAlgorithm.ES256, SigningAlgorithm.ES384, SigningAlgorithm.RS256);

  private static List<Finding> found(Path folder, Set<SigningAlgorithm> possible)
      throws IOException {
    var installed = Installed.in(folder.resolve("set-up"));
    var clients = installed.configuration().resolveSibling("clients/broker.yaml");
    Files.writeString(
        clients,
        Files.readString(clients)
            .replaceFirst(
                "- id: mcp-client\n",
                "- id: mcp-client\n    id_token_signed_response_alg: EdDSA\n"));
    Files.writeString(
        installed.configuration(),
        Files.readString(installed.configuration())
            .replaceFirst(
                "(?m)^broker:\n",
                """
                broker:
                  exchange:
                    audiences:
                      - issuer: https://as.example
                        signing_algorithm: PS256
                """));
    var broker = ConfigurationFile.read(installed.configuration(), Map.of()).broker().orElseThrow();
    return new SigningCheckup(possible)
        .examine(
            broker.config().exchange().audiences(), ClientRegistry.open(broker.clients()).all());
  }

  @Test
  void a_client_and_an_audience(@TempDir Path folder) throws IOException {
    assertThat(found(folder, MODULE))
        .extracting(Finding::line)
        .satisfiesExactlyInAnyOrder(
            line ->
                assertThat(line)
                    .startsWith("BAD  signing: signing_algorithm of audience https://as.example")
                    .contains("PS256", "makes keys for ES256, ES384, RS256 only"),
            line ->
                assertThat(line)
                    .startsWith("BAD  signing: id_token_signed_response_alg of client")
                    .contains("is EdDSA", "no ID tokens can be signed"));
  }

  @Test
  void nobody_where_keys_are_in_the_database(@TempDir Path folder) throws IOException {
    assertThat(found(folder, EnumSet.allOf(SigningAlgorithm.class))).isEmpty();
  }

  @Test
  @DisplayName("a service that signs with ES256 only signs no security events")
  void what_the_servers_need(@TempDir Path folder) throws IOException {
    assertThat(found(folder, EnumSet.of(SigningAlgorithm.ES256)))
        .extracting(Finding::detail)
        .anySatisfy(detail -> assertThat(detail).contains("no security events can be signed"));
  }
}
