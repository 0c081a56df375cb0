package dev.lanyard.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.DisplayName;

/// The same, guided by coverage. An ordinary build takes the recorded inputs only;
/// `CONTRIBUTING.md` says how to search for new ones.
@DisplayName("Fuzzing of the parsers that strangers reach")
class ParserFuzzTest {
  @FuzzTest(maxDuration = "60s")
  void json(byte[] input) {
    Parsers.JSON.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void form(byte[] input) {
    Parsers.FORM.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void scopes(byte[] input) {
    Parsers.SCOPES.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void basic(byte[] input) {
    Parsers.BASIC.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void basicContent(byte[] input) {
    Parsers.BASIC_CONTENT.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void challenge(byte[] input) {
    Parsers.CHALLENGE.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void serverMetadata(byte[] input) {
    Parsers.SERVER_METADATA.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void resourceMetadata(byte[] input) {
    Parsers.RESOURCE_METADATA.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void jwt(byte[] input) {
    Parsers.JWT.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void keySet(byte[] input) {
    Parsers.KEY_SET.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void dpopProof(byte[] input) {
    Parsers.DPOP_PROOF.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void subject(byte[] input) {
    Parsers.SUBJECT.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void securityEvent(byte[] input) {
    Parsers.SECURITY_EVENT.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void securityEventToken(byte[] input) {
    Parsers.SECURITY_EVENT_TOKEN.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void logoutToken(byte[] input) {
    Parsers.LOGOUT_TOKEN.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void authorizationDetails(byte[] input) {
    Parsers.AUTHORIZATION_DETAILS.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void idJagClaims(byte[] input) {
    Parsers.ID_JAG_CLAIMS.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void idTokenClaims(byte[] input) {
    Parsers.ID_TOKEN_CLAIMS.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void accessToken(byte[] input) {
    Parsers.ACCESS_TOKEN.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void accessTokenClaims(byte[] input) {
    Parsers.ACCESS_TOKEN_CLAIMS.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void statusList(byte[] input) {
    Parsers.STATUS_LIST.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void statusListClaims(byte[] input) {
    Parsers.STATUS_LIST_CLAIMS.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void statusReference(byte[] input) {
    Parsers.STATUS_REFERENCE.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void tokenResponse(byte[] input) {
    Parsers.TOKEN_RESPONSE.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void tokenExchangeResponse(byte[] input) {
    Parsers.TOKEN_EXCHANGE_RESPONSE.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void assertionExchangeResponse(byte[] input) {
    Parsers.ASSERTION_EXCHANGE_RESPONSE.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void notice(byte[] input) {
    Parsers.NOTICE.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void streamMessage(byte[] input) {
    Parsers.STREAM_MESSAGE.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void mirroredHeader(byte[] input) {
    Parsers.MIRRORED_HEADER.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void revocationCaller(byte[] input) {
    Parsers.REVOCATION_CALLER.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void httpResponse(byte[] input) {
    Parsers.HTTP_RESPONSE.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void httpResponseWithLength(byte[] input) {
    Parsers.HTTP_RESPONSE_WITH_LENGTH.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void url(byte[] input) {
    Parsers.URL.takeOrRefuse(input);
  }
}
