package dev.lanyard.server.receipts;

import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Exposure;
import java.util.List;
import java.util.Optional;

/// What may go on living where a kill has no reach: at authorization servers of others that got
/// ID-JAGs from us.
@FunctionalInterface
public interface Residue {
  /// @param dead what was killed; of tokens of one session nobody can tell, so all of its person
  ///   count
  /// @param person whose it was, if it was a person's
  List<Exposure.Access> of(List<Denied> dead, Optional<String> person);
}
