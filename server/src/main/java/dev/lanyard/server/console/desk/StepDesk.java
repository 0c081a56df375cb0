package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.publication.Publications;
import dev.lanyard.server.publication.SignedElsewhere;
import dev.lanyard.server.publication.Speaker;
import dev.lanyard.server.publication.Step;
import dev.lanyard.server.token.Platform;
import java.util.Optional;

/// Takes the steps by which a version of the role library comes into force. Each but the last is
/// signed elsewhere with the key of whoever brings it, and judged by the approvers file like every
/// other statement. No key comes here.
public final class StepDesk {
  private final Drafting with;
  private final Signers signers;
  private final Platform platform;

  StepDesk(Drafting with, Platform platform) {
    this.with = with;
    this.signers = new Signers(with);
    this.platform = platform;
  }

  /// What became of a step.
  public sealed interface Taken {
    /// It was taken.
    record Done(Step step) implements Taken {}

    /// Something stands against it.
    record Refused(String why) implements Taken {}

    /// There is no such thing.
    record Unknown() implements Taken {}

    /// The approvers file does not know whoever brings it.
    record Stranger() implements Taken {}
  }

  private interface Attempt {
    Step take(Publications publications, SignedElsewhere statement);
  }

  private interface Putting {
    Step put(Publications publications, LibrarySource files, JsonObject effect, Speaker author);
  }

  /// Which steps somebody may sign. Whether one counts is judged when it is brought.
  public Signers signers() {
    return signers;
  }

  /// Makes a proposal of what was handed in.
  public Taken propose(Actor by, String submission, String statement) {
    return submitted(
        by,
        submission,
        statement,
        (publications, files, effect, author) ->
            publications.propose(files, effect, author, Optional.of(submission)));
  }

  /// Puts in force, in an emergency and alone, what was handed in. Its effect does not count, since
  /// nobody else is asked.
  public Taken alone(Actor by, String submission, String statement) {
    return submitted(
        by,
        submission,
        statement,
        (publications, files, _, author) ->
            publications.publishAlone(files, author, Optional.of(submission)));
  }

  private Taken submitted(Actor by, String id, String statement, Putting putting) {
    var submission = with.history().submission(id);
    var files = submission.flatMap(one -> with.history().files(one.version()));
    if (submission.filter(one -> one.withdrawnAt().isPresent()).isPresent()) {
      return new Taken.Refused("whoever had handed it in has taken it back");
    }
    return submission.isEmpty() || files.isEmpty()
        ? new Taken.Unknown()
        : brought(
            by,
            statement,
            (publications, author) ->
                putting.put(publications, files.get(), submission.get().effect(), author));
  }

  /// Approves or rejects what somebody else has proposed.
  public Taken answer(Actor by, String proposal, boolean approve, String statement) {
    return brought(
        by, statement, (publications, author) -> publications.answer(proposal, approve, author));
  }

  /// Reviews what somebody else has put in force alone.
  public Taken review(Actor by, long publication, String statement) {
    return with.history().publication(publication).isEmpty()
        ? new Taken.Unknown()
        : brought(
            by, statement, (publications, author) -> publications.review(publication, author));
  }

  private Taken brought(Actor by, String statement, Attempt attempt) {
    var approver = signers.approver(by.person());
    var publications = with.publications();
    return approver.isEmpty() || publications.isEmpty()
        ? new Taken.Stranger()
        : taken(
            attempt.take(
                publications.get(), new SignedElsewhere(statement, approver.get().name())));
  }

  private static Taken taken(Step step) {
    return step instanceof Step.Refused refused
        ? new Taken.Refused(refused.why())
        : new Taken.Done(step);
  }

  /// Puts in force what two have signed.
  ///
  /// @param seen the version that was looked at
  public Taken publish(Actor by, String proposal, String seen, String reason) {
    var publications = with.publications();
    var found = with.history().proposal(proposal);
    if (publications.isEmpty() || found.filter(one -> one.version().equals(seen)).isEmpty()) {
      return new Taken.Refused("it is not what you looked at");
    }
    var evidence = JsonObject.builder().put("proposal", proposal).put("reason", reason).build();
    // Who asked for it and why; what came of it is a record of its own.
    platform.journal().allowed(by.subject("console.library-publish"), by.findings(evidence));
    return taken(publications.get().publish(proposal, by.id()));
  }
}
