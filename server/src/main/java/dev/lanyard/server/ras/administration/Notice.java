package dev.lanyard.server.ras.administration;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.ras.enrolment.Problem;
import dev.lanyard.server.ras.match.MatchReport;
import java.util.Optional;

/// What a page says besides how things are.
sealed interface Notice {
  record None() implements Notice {}

  /// Something was not done.
  ///
  /// @param typed what was sent, so that nobody types it twice
  record Trouble(Problem problem, Form typed) implements Notice {
    boolean isAbout(Issuer issuer) {
      return typed.one("issuer").map(String::strip).equals(Optional.of(issuer.value()));
    }

    /// What goes into its form again. Not where somebody was first: then there is something to be
    /// seen.
    Optional<Form> typedAgain() {
      return problem.code().equals(Problem.OVERTAKEN) ? Optional.empty() : Optional.of(typed);
    }
  }

  /// Who would come in through an issuer.
  record Matched(Issuer issuer, MatchReport report) implements Notice {}
}
