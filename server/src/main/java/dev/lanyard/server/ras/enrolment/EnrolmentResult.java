package dev.lanyard.server.ras.enrolment;

import dev.lanyard.server.ras.organisations.EnrolledOrganisation;

/// What became of a wish.
public sealed interface EnrolmentResult {
  /// It is done, durable, and known to this node.
  record Done(EnrolledOrganisation organisation) implements EnrolmentResult {}

  /// Nothing was changed.
  record Refused(Problem problem) implements EnrolmentResult {}

  static Refused refused(String code, String detail) {
    return new Refused(new Problem(code, detail));
  }
}
