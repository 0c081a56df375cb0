package dev.lanyard.server.audit;

import java.util.List;

/// Puts back what is concealed in evidence, for whoever may see it.
@FunctionalInterface
public interface Revealing {
  /// Leaves it concealed.
  Revealing NOTHING = records -> records;

  /// The records with what can be revealed; what was erased is told as such.
  List<AuditRecord> reveal(List<AuditRecord> records);
}
