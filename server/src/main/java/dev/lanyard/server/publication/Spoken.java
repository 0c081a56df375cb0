package dev.lanyard.server.publication;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.publication.Proposal.Said;
import dev.lanyard.server.publication.Statement.Kind;
import java.time.Instant;

/// What somebody says, as far as it can be read. **Does not check** whether they have signed it:
/// that is judged after this.
sealed interface Spoken {
  record As(Said said) implements Spoken {}

  record Not(String why) implements Spoken {}

  /// What an author says of a step: signed here, or brought by somebody who has signed it
  /// elsewhere.
  ///
  /// @param proposal the one that it is about; empty if none
  static Spoken of(
      Kind kind, Statement.Subject step, String proposal, Speaker author, Instant now) {
    return switch (author) {
      case Author here ->
          new As(
              said(new Statement(kind, step, proposal, here.name(), here.rationale(), now), here));
      case SignedElsewhere brought -> of(brought, now);
    };
  }

  private static Said said(Statement statement, Author author) {
    return new Said(
        author.name(), author.rationale(), statement.signed(author.key()), statement.at());
  }

  private static Spoken of(SignedElsewhere brought, Instant now) {
    try {
      var said = brought.unverified();
      return brought.strays(said, now).<Spoken>map(Not::new).orElseGet(() -> new As(said));
    } catch (MalformedException e) {
      return new Not("not a signed statement: " + e.getMessage());
    }
  }

  /// The answer to whoever said what cannot be read.
  default Step refusal() {
    return new Step.Untrusted(this instanceof Not(var why) ? why : "not a statement");
  }
}
