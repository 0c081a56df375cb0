package dev.lanyard.protocol.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.MalformedException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("RFC 7523 §2.1 Using JWTs as Authorization Grants")
class JwtBearerRequestTest {
  @Test
  void the_assertion_alone_is_enough() throws Exception {
    assertThat(read("grant_type=x&assertion=a.b.c"))
        .isEqualTo(
            new JwtBearerRequest.Reading.Valid(
                new JwtBearerRequest(new Secret("a.b.c"), List.of(), Optional.empty())));
  }

  @Test
  void what_a_client_writes_a_server_reads() throws Exception {
    var request =
        new JwtBearerRequest(
            new Secret("a.b.c"),
            List.of(new ResourceIndicator("https://mcp.example/a")),
            Optional.of(Scopes.of("read")));

    assertThat(read(request.toForm().build().encode()))
        .isEqualTo(new JwtBearerRequest.Reading.Valid(request));
  }

  @ParameterizedTest
  @CsvSource({
    "scope=read, INVALID_REQUEST, assertion",
    "assertion=a&scope=%22, INVALID_SCOPE, scope",
    "assertion=a&resource=mcp, INVALID_TARGET, resource",
    "assertion=a&authorization_details=[{}], INVALID_AUTHORIZATION_DETAILS, authorization_details",
  })
  void each_fault_has_its_own_error_and_names_its_parameter(
      String form, ErrorCode code, String parameter) throws Exception {
    assertThat(read(form))
        .isInstanceOfSatisfying(
            JwtBearerRequest.Reading.Invalid.class,
            invalid -> {
              assertThat(invalid.error().code()).isEqualTo(code);
              assertThat(invalid.fault().check()).isEqualTo(parameter);
            });
  }

  private static JwtBearerRequest.Reading read(String form) throws MalformedException {
    return JwtBearerRequest.parse(Form.parse(form, Set.of("resource")));
  }
}
