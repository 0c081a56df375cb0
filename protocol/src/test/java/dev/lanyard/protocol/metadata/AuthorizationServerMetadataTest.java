package dev.lanyard.protocol.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Flag;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.oauth.Issuer;
import java.net.URI;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 8414 §2 Authorization Server Metadata")
class AuthorizationServerMetadataTest {
  private static final Issuer ISSUER = new Issuer("https://ras.example/t1");

  private final AuthorizationServerMetadata ras =
      AuthorizationServerMetadata.builder(ISSUER)
          .endpoint(Endpoint.TOKEN, URI.create("https://ras.example/t1/token"))
          .endpoint(Endpoint.JWKS, URI.create("https://ras.example/t1/jwks"))
          .supported(Supported.GRANT_TYPES, "urn:ietf:params:oauth:grant-type:jwt-bearer")
          .supported(Supported.GRANT_PROFILES, AuthorizationServerMetadata.ID_JAG_PROFILE)
          .supported(Supported.SCOPES)
          .flag(Flag.AUTHORIZATION_RESPONSE_ISS)
          .build();

  @Test
  @DisplayName("META-13, §3.2: Claims with zero elements MUST be omitted from the response")
  void writes_what_there_is_and_no_empty_list() {
    assertThat(ras.toJson().toJson())
        .isEqualTo(
            "{\"issuer\":\"https://ras.example/t1\","
                + "\"token_endpoint\":\"https://ras.example/t1/token\","
                + "\"jwks_uri\":\"https://ras.example/t1/jwks\","
                + "\"grant_types_supported\":[\"urn:ietf:params:oauth:grant-type:jwt-bearer\"],"
                + "\"authorization_grant_profiles_supported\":"
                + "[\"urn:ietf:params:oauth:grant-profile:id-jag\"],"
                + "\"authorization_response_iss_parameter_supported\":true}");
  }

  @Test
  void another_library_reads_what_we_write() throws Exception {
    var theirs =
        com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata.parse(ras.toJson().toJson());

    assertThat(theirs.getIssuer().getValue()).isEqualTo(ISSUER.value());
    assertThat(theirs.getTokenEndpointURI()).isEqualTo(URI.create("https://ras.example/t1/token"));
    assertThat(theirs.supportsAuthorizationResponseIssuerParam()).isTrue();
  }

  @Test
  void what_a_server_writes_a_client_reads() throws Exception {
    var read = AuthorizationServerMetadata.parse(ras.toJson(), ISSUER);

    assertThat(read).isEqualTo(ras);
    assertThat(read.endpoint(Endpoint.TOKEN)).contains(URI.create("https://ras.example/t1/token"));
    assertThat(read.endpoint(Endpoint.AUTHORIZATION)).isEmpty();
    assertThat(read.supported(Supported.SCOPES)).isEmpty();
    assertThat(read.has(Flag.AUTHORIZATION_RESPONSE_ISS)).isTrue();
    assertThat(read.has(Flag.CLIENT_ID_METADATA_DOCUMENT)).isFalse();
  }

  @Test
  void a_client_ignores_members_that_it_does_not_know() throws Exception {
    var json = ras.toJson().with(json("{'signed_metadata':'x','vendor':{'a':null}}"));

    assertThat(AuthorizationServerMetadata.parse(json, ISSUER)).isEqualTo(ras);
  }

  @Nested
  @DisplayName("META-3, §3.3: issuer MUST be identical to the issuer that the URL was made from")
  class IssuerCheck {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://ras.example/t1/",
          "https://RAS.example/t1",
          "https://ras.example:443/t1",
          "https://attacker.example/t1",
          ""
        })
    void refuses_any_other(String issuer) {
      var json = ras.toJson().with(JsonObject.builder().put("issuer", issuer).build());

      assertThatThrownBy(() -> AuthorizationServerMetadata.parse(json, ISSUER))
          .isInstanceOf(MalformedException.class)
          .hasMessage("the document's issuer is not https://ras.example/t1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'token_endpoint':'javascript:alert(1)'}",
        "{'token_endpoint':'file:///etc/passwd'}",
        "{'token_endpoint':'/token'}",
        "{'token_endpoint':'https://user@ras.example/token'}",
        "{'token_endpoint':'https://ras.example/token#x'}",
        "{'token_endpoint':'https://ras.example/a b'}",
        "{'token_endpoint':7}",
        "{'grant_types_supported':'jwt-bearer'}",
        "{'grant_types_supported':[1]}",
        "{'authorization_response_iss_parameter_supported':'true'}",
      })
  void refuses_a_document_that_it_cannot_use(String spoilt) throws Exception {
    var json = ras.toJson().with(json(spoilt));

    assertThatThrownBy(() -> AuthorizationServerMetadata.parse(json, ISSUER))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  @DisplayName("META-6, ID-JAG draft-04 §7.2: the id-jag profile requires the jwt-bearer grant")
  void a_server_cannot_claim_the_profile_without_the_grant() {
    var builder =
        AuthorizationServerMetadata.builder(ISSUER)
            .supported(Supported.GRANT_PROFILES, AuthorizationServerMetadata.ID_JAG_PROFILE);

    assertThatThrownBy(builder::build).isInstanceOf(IllegalStateException.class);
  }

  private static JsonObject json(String text) throws MalformedException {
    return JsonObject.parse(text.replace('\'', '"'));
  }
}
