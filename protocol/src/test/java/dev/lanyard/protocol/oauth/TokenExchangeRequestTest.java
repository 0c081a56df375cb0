package dev.lanyard.protocol.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.MalformedException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("ID-JAG draft-04 §4.3 Token Exchange")
class TokenExchangeRequestTest {
  private static final String GOOD =
      "grant_type=urn:ietf:params:oauth:grant-type:token-exchange"
          + "&requested_token_type=urn:ietf:params:oauth:token-type:id-jag"
          + "&audience=https://ras.example/"
          + "&resource=https://mcp.example/a&resource=https://mcp.example/b"
          + "&scope=read+write"
          + "&subject_token=eyJ.e30.c2ln"
          + "&subject_token_type=urn:ietf:params:oauth:token-type:id_token";

  @Test
  void reads_everything_as_it_was_sent() throws Exception {
    assertThat(read(GOOD + "&unknown=ignored"))
        .isEqualTo(
            new TokenExchangeRequest.Reading.Valid(
                new TokenExchangeRequest(
                    new Secret("eyJ.e30.c2ln"),
                    TokenType.ID_TOKEN,
                    "https://ras.example/",
                    List.of(
                        new ResourceIndicator("https://mcp.example/a"),
                        new ResourceIndicator("https://mcp.example/b")),
                    Optional.of(Scopes.of("read", "write")))));
  }

  @Test
  void what_a_client_writes_a_server_reads() throws Exception {
    var request =
        new TokenExchangeRequest(
            new Secret("token&=+ %"),
            TokenType.REFRESH_TOKEN,
            "https://ras.example",
            List.of(new ResourceIndicator("https://mcp.example/a?b=c&d")),
            Optional.empty());

    assertThat(read(request.toForm().build().encode()))
        .isEqualTo(new TokenExchangeRequest.Reading.Valid(request));
  }

  @Nested
  @DisplayName("requested_token_type, audience, subject_token and subject_token_type: REQUIRED")
  class Required {
    @ParameterizedTest
    @ValueSource(
        strings = {"requested_token_type", "audience", "subject_token", "subject_token_type"})
    void refuses_a_request_without(String parameter) throws Exception {
      assertRefused(
          GOOD.replaceAll("&" + parameter + "=[^&]*", ""),
          ErrorCode.INVALID_REQUEST,
          "parameter '" + parameter + "' is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jwt", "saml1", "id-jag"})
    void refuses_a_subject_that_is_no_identity_assertion(String type) throws Exception {
      assertRefused(
          GOOD.replace("token-type:id_token", "token-type:" + type),
          ErrorCode.INVALID_REQUEST,
          "this subject_token_type cannot be exchanged");
    }

    @Test
    void refuses_to_issue_anything_but_an_id_jag() throws Exception {
      assertRefused(
          GOOD.replace("token-type:id-jag", "token-type:access_token"),
          ErrorCode.INVALID_REQUEST,
          "this server exchanges for urn:ietf:params:oauth:token-type:id-jag only");
    }

    @Test
    void refuses_a_second_audience() throws Exception {
      assertRefused(
          GOOD + "&audience=https://other.example",
          ErrorCode.INVALID_REQUEST,
          "an ID-JAG has one audience");
    }
  }

  @Nested
  @DisplayName("resource and scope: OPTIONAL, each with its own error")
  class Optionals {
    @ParameterizedTest
    @ValueSource(strings = {"https://mcp.example/%23fragment", "mcp", "urn:x:y", "javascript:1"})
    void a_resource_that_is_no_absolute_uri_without_fragment_is_an_invalid_target(String resource)
        throws Exception {
      assertRefused(
          GOOD + "&resource=" + resource,
          ErrorCode.INVALID_TARGET,
          "not an absolute resource URI without fragment");
    }

    @ParameterizedTest
    @CsvSource({"a++b", "a%22b", "%C3%A4"})
    void a_scope_outside_the_grammar_is_an_invalid_scope(String scope) throws Exception {
      assertRefused(
          GOOD.replace("read+write", scope),
          ErrorCode.INVALID_SCOPE,
          "a scope is empty or has a character that scopes may not have");
    }

    @ParameterizedTest
    @DisplayName("IDP-9: authorization_details that are no array of objects with a type")
    @ValueSource(strings = {"x", "{}", "[1]", "[{}]", "[{\"type\":\"\"}]", "[]}, {\"more\":[]"})
    void authorization_details_of_another_form_are_refused_not_ignored(String details)
        throws Exception {
      assertRefused(
          GOOD + "&authorization_details=" + URLEncoder.encode(details, StandardCharsets.UTF_8),
          ErrorCode.INVALID_AUTHORIZATION_DETAILS,
          "authorization_details must be a JSON array of objects with a type");
    }
  }

  @Nested
  @DisplayName("RFC 8693 §2.1: actor_token_type is REQUIRED with actor_token, forbidden without")
  class Actor {
    @ParameterizedTest
    @ValueSource(strings = {"actor_token=a", "actor_token_type=b"})
    void refuses_one_without_the_other(String parameter) throws Exception {
      assertRefused(
          GOOD + "&" + parameter,
          ErrorCode.INVALID_REQUEST,
          "actor_token and actor_token_type go together");
    }

    @Test
    void refuses_an_actor_rather_than_to_issue_without_it() throws Exception {
      assertRefused(
          GOOD + "&actor_token=a&actor_token_type=b",
          ErrorCode.INVALID_REQUEST,
          "actor tokens are not accepted here");
    }
  }

  @Test
  @DisplayName("What was sent is cut before it is kept, and no character of it controls a terminal")
  void evidence() throws Exception {
    var odd = "urn:" + "x".repeat(1_000) + "%1B";
    var form = GOOD.replaceFirst("subject_token_type=[^&]*", "subject_token_type=" + odd);

    assertThat(read(form))
        .isInstanceOfSatisfying(
            TokenExchangeRequest.Reading.Invalid.class,
            invalid -> {
              assertThat(invalid.fault().check()).isEqualTo("subject_token_type");
              assertThat(invalid.fault().actual()).hasSizeLessThan(300).startsWith("urn:xxx");
            });
  }

  private static TokenExchangeRequest.Reading read(String form) throws MalformedException {
    return TokenExchangeRequest.parse(Form.parse(form, Set.of("resource", "audience")));
  }

  private static void assertRefused(String form, ErrorCode code, String description)
      throws MalformedException {
    assertThat(read(form))
        .isInstanceOfSatisfying(
            TokenExchangeRequest.Reading.Invalid.class,
            invalid -> assertThat(invalid.error()).isEqualTo(new OAuthError(code, description)));
  }
}
