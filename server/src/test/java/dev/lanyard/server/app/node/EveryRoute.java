package dev.lanyard.server.app.node;

import dev.lanyard.server.app.Installed;
import dev.lanyard.server.clients.ClientSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;

/// An installation that serves every route there is.
final class EveryRoute {
  private EveryRoute() {}

  /// With one of everything that adds a route.
  static Installed installed(Path folder) throws IOException {
    var installed = Installed.in(folder.resolve("set-up"));
    installed.enrols();
    installed.consents();
    var secret =
        Files.writeString(folder.resolve("secret"), "a secret of the test, which is long enough\n");
    installed.replace(
        "    local_people: true\n",
        """
            local_people: true
            upstreams:
              - id: corporate
                preset: keycloak
                issuer: https://sso.example/realms/acme
                client_id: lanyard
                client_secret_file: %1$s
                domains: [acme.example]
              - type: saml
                id: subsidiary
                entity_id: https://idp.example/saml
                metadata_url: https://idp.example/saml/metadata
                domains: [partner.example]
          signals:
            receivers:
              - {name: idp, issuer: "https://idp.example", push_authorization_file: %1$s}
            gtr:
              callers:
                - {name: okta, preset: okta, issuer: "https://acme.okta.com", client_id: 0oa1}
            transmitter:
              receivers:
                - {name: payroll, audience: "https://payroll.example", token_hashes: ["%2$s"]}
        """
            .formatted(secret, ClientSecret.generate(new SecureRandom()).hash().text()));
    installed.replace(
        "  sign_in: {organisation: guests, local_people: true}\n",
        """
          sign_in:
            organisation: guests
            local_people: true
            upstreams:
              - {id: partner, preset: keycloak, issuer: "https://sso.example/realms/partner",
                 client_id: lanyard, client_secret_file: %1$s}
          signals:
            receivers:
              - {name: partner, issuer: "https://sso.example/realms/partner", upstream: partner}
        """
            .formatted(secret));
    installed.replace(
        "  # client_registration:\n  #   enabled: true\n",
        "  client_registration:\n    enabled: true\n    initial_token_hashes: [\"%s\"]\n"
            .formatted(ClientSecret.generate(new SecureRandom()).hash().text()));
    installed.replace(
        "# Requests that Lanyard sends itself",
        """
        gateway:
          listen: 127.0.0.1:0
          connectors:
            - connector: example
              address: https://localhost:9443/mcp
              upstream: http://127.0.0.1:3001/mcp

        # Requests that Lanyard sends itself\
        """);
    installed.replace(
        "# Upstream credentials: how",
        """
        console:
          address: https://localhost:8445
          listen: 127.0.0.1:0

        # Upstream credentials: how\
        """);
    installed.replace(
        "# upstream_credentials:\n",
        """
        upstream_credentials:
          example: {type: consent, issuer: "https://auth.example", client_id: lanyard}
        # upstream_credentials:
        """);
    installed.replace(
        "# metrics:\n#   token_file: secrets/metrics", "metrics:\n  token_file: " + secret);
    installed.replace(
        "# administration:\n#   token_hashes: [\"sha256:...\"]",
        "administration:\n  token_hashes: [\"%s\"]"
            .formatted(ClientSecret.generate(new SecureRandom()).hash().text()));
    Files.writeString(
        installed.configuration(),
        "audit:\n  token_file: " + secret + "\n",
        StandardOpenOption.APPEND);
    return installed;
  }
}
