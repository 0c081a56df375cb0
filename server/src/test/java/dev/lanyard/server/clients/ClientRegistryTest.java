package dev.lanyard.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.yaml.FaultyFileException;
import dev.lanyard.server.yaml.Reload;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Clients are registered in a file")
class ClientRegistryTest {
  private ClientFiles files;

  @BeforeEach
  void writeGoodFile(@TempDir Path folder) {
    files = new ClientFiles(folder);
  }

  private Client client(String id) {
    return files.open().find(new ClientId(id)).orElseThrow();
  }

  @Test
  @DisplayName("and only those of the file count where others must not")
  void written() {
    var entered = new ClientId("app-of-the-console");
    var registry =
        files
            .open()
            .with(
                new ClientSource() {
                  private final Client one = client("claude-code");

                  @Override
                  public Lookup look(ClientId id) {
                    return id.equals(entered) ? new Lookup.Found(one) : new Lookup.Unknown();
                  }

                  @Override
                  public Optional<Client> known(ClientId id) {
                    return Optional.of(one).filter(_ -> id.equals(entered));
                  }

                  @Override
                  public List<Client> all() {
                    return List.of(one);
                  }

                  @Override
                  public boolean takesUrls() {
                    return false;
                  }
                });
    assertThat(registry.find(entered)).isPresent();
    assertThat(registry.written().find(entered)).isEmpty();
    assertThat(registry.written().look(entered)).isInstanceOf(ClientSource.Lookup.Unknown.class);
    assertThat(registry.written().find(new ClientId("claude-code"))).isPresent();
  }

  @Nested
  @DisplayName("What the file says is read as it is written")
  class Reading {
    @Test
    void a_client_with_a_secret() {
      var client = client("claude-code");
      assertThat(client.name()).isEqualTo("Claude Code");
      assertThat(client.credentials()).isEqualTo(Credentials.secret(ClientFiles.MADE.hash()));
      assertThat(client.isConfidential()).isTrue();
      assertThat(client.grantTypes())
          .containsExactlyInAnyOrder(
              GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN, GrantType.TOKEN_EXCHANGE);
      assertThat(client.allowsRedirectTo("http://localhost:1234/callback")).isTrue();
      assertThat(client.allowsRedirectTo("http://localhost:1234/other")).isFalse();
    }

    @Test
    @DisplayName("IDP-34: no mapping is a refusal, never a guess")
    void what_it_is_called_elsewhere() {
      var client = client("claude-code");
      var anyTenant = Optional.of("ws-42");
      for (var tenant : List.of(anyTenant, Optional.<String>empty())) {
        assertThat(client.idAt(new Issuer("https://ras.example"), tenant))
            .contains(new ClientId("claude-code-ras"));
        assertThat(client.idAt(new Issuer("https://ras.example/"), tenant)).isEmpty();
      }
    }

    @Test
    @DisplayName("IDP-34: by tenant of that server, and no name in any other")
    void what_it_is_called_in_single_tenants() {
      var ras = new Issuer("https://ras.example");
      files.write(
          ClientFiles.TEXT.replace(
              "{\"https://ras.example\": claude-code-ras}",
              "{\"https://ras.example\": {ws-42: one, ws-43: other}}"));
      var client = files.open().find(new ClientId("claude-code")).orElseThrow();
      assertThat(client.idAt(ras, Optional.of("ws-42"))).contains(new ClientId("one"));
      assertThat(client.idAt(ras, Optional.of("ws-43"))).contains(new ClientId("other"));
      assertThat(client.idAt(ras, Optional.of("ws-44"))).isEmpty();
      assertThat(client.idAt(ras, Optional.empty())).isEmpty();
      assertThat(client.idsAt(ras))
          .containsExactlyInAnyOrder(new ClientId("one"), new ClientId("other"));
    }

    @Test
    void a_client_with_keys_and_urns() {
      var client = client("signer");
      assertThat(client.name()).isEqualTo("signer");
      assertThat(client.credentials().keys())
          .isInstanceOfSatisfying(
              ClientKeys.Inline.class,
              inline ->
                  assertThat(inline.keys().keys().getFirst().thumbprint())
                      .isEqualTo(ClientFiles.KEY.publicKey().thumbprint()));
      assertThat(client.grantTypes()).containsExactly(GrantType.JWT_BEARER);
      assertThat(client.dpopRequired()).isTrue();
      assertThat(client("remote").credentials().keys())
          .isEqualTo(new ClientKeys.Remote(URI.create("https://client.example/jwks")));
    }

    @Test
    void a_public_client() {
      var client = client("public");
      assertThat(client.credentials()).isEqualTo(Credentials.publicClient());
      assertThat(client.isConfidential()).isFalse();
      assertThat(client.dpopRequired()).isFalse();
      assertThat(client.mayIntrospect(new ResourceIndicator("https://mcp.example/mcp"))).isTrue();
      assertThat(client.mayIntrospect(new ResourceIndicator("https://mcp.example/"))).isFalse();
    }

    @Test
    void ids_are_compared_exactly() {
      assertThat(files.open().find(new ClientId("Claude-Code"))).isEmpty();
      assertThat(files.open().all()).hasSize(6);
    }
  }

  @Nested
  @DisplayName("Every fault is told with file, line and remedy")
  class Faults {
    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        textBlock =
            """
            id: basic-only | id: claude-code | client 'claude-code' is there twice; remove one
            id: basic-only | name: x | 'id' is missing; every client has one
            id: basic-only | id: "é" | not a client id
            authentication: [none] | authentication: [] | 'authentication' is missing; use some of: client_secret_basic
            authentication: [none] | authentication: [open] | unknown 'open'; use some of: client_secret_basic, client_secret_post
            authentication: [none] | authentication: [none, private_key_jwt] | 'none' makes every other authentication method useless
            authentication: [none] | authentication: [client_secret_post] | client_secret_basic and client_secret_post need secret_hash
            authentication: [none] | authentication: [private_key_jwt] | private_key_jwt needs jwks or jwks_uri
            may_introspect: ["https://mcp.example/mcp"] | grants: [token-exchange] | token-exchange needs a client that proves who it is
            authentication: [none] | auth: [none] | unknown key 'clients[4].auth'
            authentication: [client_secret_basic] | authentication: [none] | secret_hash is there and no authentication method uses it
            jwks_uri: https://client.example/jwks | jwks_uri: jwks.json | the resource is not an http(s) URL
            jwks_uri: https://client.example/jwks | jwks: {keys: [{kty: EC, crv: P-521, x: AA, y: AA}]} | no key of 'jwks' can be used; give an EC P-256
            jwks_uri: https://client.example/jwks | jwks: {keys: [{kty: oct, k: AAAA}]} | 'jwks' is not a set of public keys
            grants: [jwt-bearer] | grants: [implicit] | unknown 'implicit'; use some of: authorization_code, refresh_token, client_credentials, token-exchange
            grants: [jwt-bearer] | grants: [authorization_code] | authorization_code needs 'redirect_uris'
            http://localhost/callback | http://a.example/callback | use https, http on 127.0.0.1
            "https://ras.example": claude-code-ras | "ras": claude-code-ras | the issuer is not an http(s) URL: ras
            dpop_required: true | dpop_required: yes | needs true or false
            dpop_required: true | id_token_life: 2d | 'id_token_life' must be between 1m and 24h
            dpop_required: true | post_logout_redirect_uris: ["http://a.example/"] | use https, http on 127.0.0.1
            dpop_required: true | id_token_signed_response_alg: HS256 | unknown 'HS256'; use some of: ES256
            dpop_required: true | userinfo_signed_response_alg: none | unknown 'none'; use some of: ES256
            dpop_required: true | subject_type: secret | unknown 'secret'; use some of: public, pairwise
            dpop_required: true | subject_type: pairwise | 'subject_type: pairwise' needs 'sector'
            dpop_required: true | sector: a.example | 'sector' goes with 'subject_type: pairwise'
            dpop_required: true | sector: "a b" | a sector is a name without spaces
            dpop_required: true | client_assertion_audience: anything | unknown 'anything'; use some of: issuer, token_endpoint
            may_introspect: ["https://mcp.example/mcp"] | client_assertion_audience: token_endpoint | client_assertion_audience is there and no authentication method uses it
            may_introspect: | introspects: | unknown key 'clients[4].introspects'
            """)
    void names_what_is_wrong_and_what_to_do(String good, String bad, String told) {
      assertThat(ClientFiles.TEXT).contains(good);
      files.write(ClientFiles.TEXT.replaceFirst(Pattern.quote(good), bad));
      var exception = catchThrowableOfType(FaultyFileException.class, files::open);
      assertThat(exception).as("the file was read").isNotNull();
      assertThat(exception.faults())
          .anySatisfy(fault -> assertThat(fault.toString()).contains(told));
      assertThat(exception.faults()).allSatisfy(fault -> assertThat(fault.line()).isPositive());
    }

    @Test
    void a_secret_in_place_of_its_hash_is_not_repeated() {
      files.write(ClientFiles.TEXT.replaceFirst("sha256:[^\"]*", "hunter2"));
      var exception = catchThrowableOfType(FaultyFileException.class, files::open);
      assertThat(exception).hasMessageContaining("make one with 'lanyard client secret'");
      assertThat(exception.getMessage()).doesNotContain("hunter2");
    }
  }

  @Test
  void a_broken_change_leaves_the_clients_as_they_are() {
    var registry = files.open();
    files.write("clients: [");
    registry.poll();
    assertThat(registry.poll()).isInstanceOf(Reload.Refused.class);
    assertThat(registry.all()).hasSize(6);
    files.write("clients: []");
    registry.poll();
    assertThat(registry.poll()).isInstanceOf(Reload.Loaded.class);
    assertThat(registry.all()).isEmpty();
  }
}
