package dev.lanyard.server.saml;

import dev.lanyard.protocol.evidence.Evidence;
import java.io.Serial;

/// One check failed. Thrown and caught within this package, where it becomes a verdict.
final class RefusedException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final transient SamlVerdict.Refusal refusal;

  RefusedException(SamlVerdict.Refusal refusal) {
    super("refused", null, false, false);
    this.refusal = refusal;
  }

  /// @param requirement the requirement that demands it
  RefusedException(String check, String expected, String actual, String requirement) {
    this(new SamlVerdict.Rejected(new Evidence(check, expected, actual, requirement)));
  }

  SamlVerdict.Refusal refusal() {
    return refusal;
  }
}
