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
    Parsers.BASIC_CONTENT.takeOrRefuse(input);
  }

  @FuzzTest(maxDuration = "60s")
  void challenge(byte[] input) {
    Parsers.CHALLENGE.takeOrRefuse(input);
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
}
