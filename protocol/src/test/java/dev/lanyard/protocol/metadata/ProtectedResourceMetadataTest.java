package dev.lanyard.protocol.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("META-11, RFC 9728 §2 Protected Resource Metadata")
class ProtectedResourceMetadataTest {
  private static final ResourceIndicator RESOURCE =
      new ResourceIndicator("https://mcp.example/mcp");
  private static final Issuer RAS = new Issuer("https://ras.example");

  @Test
  void writes_what_there_is_and_no_empty_list() {
    assertThat(new ProtectedResourceMetadata(RESOURCE, RAS, Scopes.NONE).toJson().toJson())
        .isEqualTo(
            "{\"resource\":\"https://mcp.example/mcp\","
                + "\"authorization_servers\":[\"https://ras.example\"],"
                + "\"bearer_methods_supported\":[\"header\"]}");
  }

  @Test
  void what_a_resource_writes_a_client_reads() throws Exception {
    var whole =
        new ProtectedResourceMetadata(
            RESOURCE,
            List.of(RAS, new Issuer("https://other.example/")),
            Scopes.of("read", "write"),
            Optional.of("Linear"),
            List.of("ES256"),
            true,
            List.of("ticket_access"));

    assertThat(ProtectedResourceMetadata.parse(whole.toJson(), RESOURCE)).isEqualTo(whole);
  }

  @Test
  @DisplayName("META-17: the types of authorization details that the resource understands")
  void names_its_types_of_authorization_details() throws Exception {
    var self =
        new ProtectedResourceMetadata(RESOURCE, RAS, Scopes.NONE)
            .withDetailTypes(List.of("ticket_access", "payment"));

    assertThat(self.toJson().strings("authorization_details_types_supported"))
        .contains(List.of("ticket_access", "payment"));
    assertThat(ProtectedResourceMetadata.parse(self.toJson(), RESOURCE)).isEqualTo(self);
  }

  @Test
  @DisplayName("META-16, RFC 8705: whether it takes tokens that are bound to certificates")
  void says_that_it_takes_tokens_bound_to_certificates() throws Exception {
    var self =
        new ProtectedResourceMetadata(RESOURCE, RAS, Scopes.NONE)
            .withCertificateBoundTokens()
            .withDetailTypes(List.of("payment"));

    assertThat(self.toJson().bool("tls_client_certificate_bound_access_tokens")).contains(true);
    assertThat(ProtectedResourceMetadata.parse(self.toJson(), RESOURCE)).isEqualTo(self);
    assertThat(ProtectedResourceMetadata.parse(json("{}"), RESOURCE).certificateBound()).isFalse();
  }

  @Test
  @DisplayName("META-14, MCP Refresh Tokens: offline_access does not belong into scopes_supported")
  void offline_access_is_neither_written_nor_read() throws Exception {
    var json = json("{'scopes_supported':['read','offline_access']}");

    assertThat(ProtectedResourceMetadata.parse(json, RESOURCE).scopes())
        .isEqualTo(Scopes.of("read"));
    assertThatThrownBy(
            () -> new ProtectedResourceMetadata(RESOURCE, RAS, Scopes.of("offline_access")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("MCP: authorization_servers has at least one element")
  void a_resource_without_an_authorization_server_cannot_be_made() {
    assertThatThrownBy(() ->
            new ProtectedResourceMetadata(
                RESOURCE, List.of(), Scopes.NONE, Optional.empty(), List.of(), false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'resource':'https://mcp.example/mcp/'}",
        "{'resource':'https://mcp.example'}",
        "{'resource':'https://attacker.example/mcp'}",
        "{'authorization_servers':[]}",
        "{'authorization_servers':'https://ras.example'}",
        "{'authorization_servers':['ras.example']}",
        "{'authorization_servers':['https://ras.example?x']}",
        "{'authorization_servers':['https://ras.example:70000','ras.example']}",
        "{'authorization_servers':['https://ras.example',7]}",
        "{'scopes_supported':['a b']}",
        "{'scopes_supported':['']}",
        "{'dpop_bound_access_tokens_required':'yes'}",
        "{'tls_client_certificate_bound_access_tokens':'yes'}",
      })
  @DisplayName("META-12, §3.3: a document about another resource MUST NOT be used")
  void a_client_refuses(String spoilt) throws Exception {
    var json = json(spoilt);

    assertThatThrownBy(() -> ProtectedResourceMetadata.parse(json, RESOURCE))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  @DisplayName("RFC 9728 §2: one that is no issuer takes nothing away from the others")
  void the_usable_authorization_servers_are_read() throws Exception {
    var json =
        json(
            "{'authorization_servers':['urn:x','https://ras.example:70000','https://ras.example']}");

    assertThat(ProtectedResourceMetadata.parse(json, RESOURCE).authorizationServers())
        .containsExactly(RAS);
  }

  private static JsonObject json(String spoilt) throws MalformedException {
    return new ProtectedResourceMetadata(RESOURCE, RAS, Scopes.NONE)
        .toJson()
        .with(JsonObject.parse(spoilt.replace('\'', '"')));
  }
}
