package dev.lanyard.server.broker;

import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.sessions.IdJagUses;
import dev.lanyard.server.sessions.IdJagUses.Use;
import java.util.List;
import java.util.Optional;

/// Counts the ID-JAGs of each person, and stops at the limit if there is one. Thread-safe.
final class Quota {
  private final QuotaConfig config;
  private final IdJagUses uses;

  Quota(QuotaConfig config, IdJagUses uses) {
    this.config = config;
    this.uses = uses;
  }

  sealed interface Verdict {
    /// To be written with the ID-JAG.
    record Counted(Row fact) implements Verdict {}

    /// To be written with the ID-JAG; if the claim is taken, somebody else was faster, and it is to
    /// be asked again.
    record Claimed(Row claim) implements Verdict {}

    /// The person has had all for one of the resources.
    record Exhausted(ResourceIndicator resource, int limit) implements Verdict {}
  }

  /// Without a limit this asks nobody.
  Verdict of(Use use) {
    if (config.limit().isEmpty()) {
      return new Verdict.Counted(uses.fact(use));
    }
    int limit = config.limit().getAsInt();
    var had = uses.had(use.person(), use.at());
    return exhausted(use.resources(), had, limit)
        .<Verdict>map(resource -> new Verdict.Exhausted(resource, limit))
        .orElseGet(() -> new Verdict.Claimed(uses.claim(use, had)));
  }

  private static Optional<ResourceIndicator> exhausted(
      List<ResourceIndicator> resources, IdJagUses.Had had, int limit) {
    return resources.stream().filter(resource -> had.of(resource) >= limit).findFirst();
  }
}
