package dev.lanyard.server.publication;

import dev.lanyard.protocol.jose.VerificationKey;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// A person who may have a say in the role library.
///
/// @param name the person, e.g. an e-mail address
/// @param key proves their signature
/// @param retired since when nothing new of theirs counts; what they signed before still does
public record Approver(
    String name, VerificationKey key, Set<Right> rights, Optional<Instant> retired) {
  public Approver {
    rights = Set.copyOf(rights);
  }

  /// Whether something that they sign at this time counts.
  public boolean may(Right right, Instant at) {
    return rights.contains(right) && retired.map(at::isBefore).orElse(true);
  }
}
