package dev.lanyard.server.publication;

import dev.lanyard.server.publication.Proposal.Said;
import dev.lanyard.server.publication.Statement.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Why what is said of the role library does not count *now*; empty if it does. It is signed, as
/// [Trust] judges, and said by people who [may be heard][ApproverPeople].
record Hearing(Trust trust, ApproverPeople people) {
  Optional<String> proposed(Connection connection, Said said, Statement.Subject step)
      throws SQLException {
    return trust.read(said.statement(), Kind.PROPOSE, step, "")
            instanceof Trust.Reading.Refused(var why)
        ? Optional.of(why)
        : people.fault(connection, said);
  }

  Optional<String> approved(Connection connection, Proposal proposal, Answer answer)
      throws SQLException {
    return trust.ofApproved(proposal, answer) instanceof Trust.Verdict.Distrusted(var why)
        ? Optional.of(why)
        : both(connection, proposal.proposed(), answer.said());
  }

  private Optional<String> both(Connection connection, Said proposed, Said approved)
      throws SQLException {
    var fault = people.fault(connection, proposed);
    return fault.isPresent() ? fault : people.fault(connection, approved);
  }

  /// Whoever has proposed it need not be heard any more.
  Optional<String> rejected(Connection connection, Proposal proposal, Answer answer)
      throws SQLException {
    var step = trust.step(proposal.number(), proposal.base(), proposal.version());
    var verdict = trust.ofStatement(answer.statement(), Kind.REJECT, step, proposal.id());
    return judged(connection, verdict, answer.said());
  }

  Optional<String> emergency(Connection connection, Said said, Statement.Subject next)
      throws SQLException {
    var verdict = trust.ofEmergency(next.number(), next.base(), next.version(), said.statement());
    return judged(connection, verdict, said);
  }

  Optional<String> review(Connection connection, Publication publication, Said said)
      throws SQLException {
    return judged(connection, trust.ofReview(publication, said.statement()), said);
  }

  private Optional<String> judged(Connection connection, Trust.Verdict verdict, Said said)
      throws SQLException {
    return verdict instanceof Trust.Verdict.Distrusted(var why)
        ? Optional.of(why)
        : people.fault(connection, said);
  }

  /// The names of approvers who are switched off and whose keys are not retired.
  List<String> off(Connection connection, Instant now) throws SQLException {
    var off = new ArrayList<String>();
    for (var one : trust.approvers().all()) {
      if (one.retired().map(now::isBefore).orElse(true) && people.isOff(connection, one)) {
        off.add(one.name());
      }
    }
    return off;
  }
}
