package dev.lanyard.server.token;

import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.server.database.ChangeFeed;
import dev.lanyard.server.database.Freshness;
import dev.lanyard.server.database.Outcome;
import dev.lanyard.server.token.TokenResult.Issued;
import dev.lanyard.server.token.TokenResult.Refused;
import dev.lanyard.server.token.TokenResult.Unavailable;
import java.util.Optional;

/// What becomes of a decision about tokens, whoever has asked for it: it is made durable and
/// recorded, and looked at again (decision 17).
final class Conclusion {
  private final Journal journal;
  private final ChangeFeed changes;

  Conclusion(Journal journal, ChangeFeed changes) {
    this.journal = journal;
    this.changes = changes;
  }

  /// Since when this node may have missed something; empty while it knows what has changed.
  static Optional<String> staleSince(ChangeFeed changes) {
    return changes.freshness() instanceof Freshness.Stale(var since)
        ? Optional.of(since.toString())
        : Optional.empty();
  }

  /// Nothing leaves before it is durable: what is [Issued] here may be answered, and everything is
  /// recorded.
  TokenResult of(Journal.Subject about, TokenResult decided) {
    var result = decided;
    while (result instanceof Issued issued) {
      if (journal.issued(about, issued) == Outcome.FIRST) {
        return lookedAtAgain(about, issued);
      }
      result = issued.ifTaken().get();
    }
    switch (result) {
      case Refused(var error, var findings) -> journal.refused(about, error, findings);
      case Unavailable(_, var findings) -> journal.unavailable(about, findings);
      case Issued _ -> throw new IllegalStateException("issued and not answered");
    }
    return result;
  }

  /// Becoming durable takes time, and this node may have slept: it answers nothing of which it
  /// knows that it is dead, and nothing while it may not know. What leaves all the same was durable
  /// before this node acknowledged the kill, so that whoever signs its receipt finds it (DPR-1).
  private TokenResult lookedAtAgain(Journal.Subject about, Issued issued) {
    var stale = staleSince(changes);
    if (stale.isPresent()) {
      var unsure = Unavailable.because("changes are not known since " + stale.get());
      journal.unavailable(about, issued.findings().with(unsure.findings().evidence()));
      return unsure;
    }
    var death = issued.death().get();
    if (death.isPresent()) {
      var dead =
          Refused.of(ErrorCode.INVALID_GRANT, "what this stands on has been revoked", death.get());
      journal.refused(about, dead.error(), issued.findings().with(dead.findings().evidence()));
      return dead;
    }
    return issued;
  }
}
