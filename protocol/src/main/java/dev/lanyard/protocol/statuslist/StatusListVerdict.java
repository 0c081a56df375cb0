package dev.lanyard.protocol.statuslist;

import dev.lanyard.protocol.evidence.Evidence;

/// What [StatusListValidator] decided.
public sealed interface StatusListVerdict {
  /// Authentic, about the list that was asked for, and in time.
  record Accepted(StatusListToken token) implements StatusListVerdict {}

  /// Not to be believed. Whoever needs a status has none.
  record Rejected(Evidence evidence) implements StatusListVerdict {}

  /// Nobody can say now, because the issuer's keys could not be had.
  record Undecided(String why) implements StatusListVerdict {}
}
