package dev.lanyard.protocol.securityevent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 9493 §3 and Shared Signals Framework 1.0 §3 (SSF-4)")
class SubjectIdentifierTest {
  private static final SubjectIdentifier USER = new SubjectIdentifier.Email("a@b.example");
  private static final SubjectIdentifier OTHER = new SubjectIdentifier.Email("c@d.example");
  private static final SubjectIdentifier SESSION = new SubjectIdentifier.Opaque("s-1");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'format':'email','email':'a@b'}",
        "{'format':'iss_sub','iss':'https://h','sub':'s'}",
        "{'format':'opaque','id':'x'}",
        "{'format':'phone_number','phone_number':'+4930'}",
        "{'format':'account','uri':'acct:a@b'}",
        "{'format':'did','url':'did:example:1'}",
        "{'format':'jwt_id','iss':'https://h','jti':'j'}",
        "{'format':'saml_assertion_id','issuer':'https://h','assertion_id':'a'}",
        "{'format':'ip-addresses','ip-addresses':['192.0.2.1']}",
        "{'format':'aliases','identifiers':[{'format':'opaque','id':'x'}]}",
        "{'format':'complex','user':{'format':'email','email':'a@b'},"
            + "'session':{'format':'opaque','id':'x'}}",
        "{'format':'saml-nameid','issuer':'i','nameid':'n'}"
      })
  @DisplayName("every format is read and written alike; an unknown one is kept as it is")
  void every_format(String text) throws MalformedException {
    var json = JsonObject.parse(text.replace('\'', '"'));

    assertThat(SubjectIdentifier.parse(json).toJson()).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'format':''}",
        "{'format':'email'}",
        "{'format':'email','email':''}",
        "{'format':'email','email':7}",
        "{'format':'iss_sub','iss':'https://h'}",
        "{'format':'aliases','identifiers':[]}",
        "{'format':'aliases','identifiers':[{'format':'aliases','identifiers':"
            + "[{'format':'opaque','id':'x'}]}]}",
        "{'format':'complex'}",
        "{'format':'complex','user':{'format':'complex','user':{'format':'opaque','id':'x'}}}",
        "{'user':{'format':'email','email':'a@b'}}"
      })
  void refuses_what_lacks_something(String text) throws MalformedException {
    var json = JsonObject.parse(text.replace('\'', '"'));

    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> SubjectIdentifier.parse(json));
  }

  @ParameterizedTest(name = "{0} matches {1}: {2}")
  @CsvSource({
    "USER, USER, true",
    "USER, OTHER, false",
    "USER, C_USER, false",
    "C_USER, C_USER, true",
    "C_USER, C_USER_SESSION, true",
    "C_USER_SESSION, C_USER, true",
    "C_SESSION, C_USER_SESSION, true",
    "C_SESSION, C_USER, true",
    "C_OTHER_SESSION, C_USER_SESSION, false",
    "C_OTHER_SESSION, C_USER, false"
  })
  @DisplayName("simple: identical; complex: every member identical or absent on one side")
  void matching(String one, String other, boolean expected) {
    assertThat(named(one).matches(named(other))).isEqualTo(expected);
  }

  private static SubjectIdentifier named(String name) {
    return switch (name) {
      case "USER" -> USER;
      case "OTHER" -> OTHER;
      case "C_USER" -> new SubjectIdentifier.Complex(Map.of("user", USER));
      case "C_SESSION" -> new SubjectIdentifier.Complex(Map.of("session", SESSION));
      case "C_USER_SESSION" ->
          new SubjectIdentifier.Complex(Map.of("user", USER, "session", SESSION));
      case "C_OTHER_SESSION" ->
          new SubjectIdentifier.Complex(Map.of("user", OTHER, "session", SESSION));
      default -> throw new AssertionError(name);
    };
  }

  @Test
  @DisplayName("AUD-4: what is personal does not show when a subject is printed")
  void says_nothing_personal() {
    assertThat(USER.toString()).doesNotContain("a@b");
    assertThat(new SubjectIdentifier.IssuerSubject("https://h", "u-1").toString())
        .doesNotContain("u-1");
  }
}
