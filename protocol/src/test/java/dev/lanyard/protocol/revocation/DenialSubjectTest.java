package dev.lanyard.protocol.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.revocation.Notice.Kind;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("SSF-30: what a denial is about, as the subject of an event")
class DenialSubjectTest {
  private static final Issuer RAS = new Issuer("https://ras.example");

  private static DenialSubject of(Kind kind) {
    return new DenialSubject(
        kind,
        switch (kind) {
          case CLIENT -> RAS + " desk";
          case ALL -> "*";
          default -> "value";
        });
  }

  @ParameterizedTest
  @EnumSource
  void is_read_as_it_was_written(Kind kind) throws Exception {
    var written = of(kind).toSubject(RAS).orElseThrow().toJson();

    var read = SubjectIdentifier.parse(JsonObject.parse(written.toJson()));

    assertThat(DenialSubject.of(read, RAS)).contains(of(kind));
    assertThat(of(kind).mark()).isEqualTo(Notice.mark(kind, of(kind).value()));
  }

  @Test
  void a_client_of_another_server_is_nobodys_business_here() {
    var theirs = new DenialSubject(Kind.CLIENT, "https://idp.example desk");

    assertThat(theirs.toSubject(RAS)).isEmpty();
  }

  @ParameterizedTest
  @DisplayName("What names something else is not guessed at")
  @ValueSource(
      strings = {
        "{\"format\":\"email\",\"email\":\"ada@example.com\"}",
        "{\"format\":\"iss_sub\",\"iss\":\"https://other.example\",\"sub\":\"ada\"}",
        "{\"format\":\"jwt_id\",\"iss\":\"https://other.example\",\"jti\":\"x\"}",
        "{\"format\":\"opaque\",\"id\":\"x\"}",
        "{\"format\":\"complex\",\"device\":{\"format\":\"opaque\",\"id\":\"x\"}}",
        "{\"format\":\"complex\",\"session\":{\"format\":\"email\",\"email\":\"a@b.c\"}}",
        "{\"format\":\"complex\",\"session\":{\"format\":\"opaque\",\"id\":\"x\"},"
            + "\"user\":{\"format\":\"opaque\",\"id\":\"y\"}}"
      })
  void unknown(String subject) throws Exception {
    var read = SubjectIdentifier.parse(JsonObject.parse(subject));

    assertThat(DenialSubject.of(read, RAS)).isEmpty();
  }
}
