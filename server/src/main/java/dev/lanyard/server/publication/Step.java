package dev.lanyard.server.publication;

import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.yaml.Fault;
import dev.lanyard.server.yaml.FaultyFileException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What came of an attempt to go one step: to propose, to answer, to publish, to review.
public sealed interface Step {
  record Proposed(Proposal proposal) implements Step {}

  record Answered(Proposal proposal) implements Step {}

  record Published(Publication publication) implements Step {}

  record Reviewed(Publication publication) implements Step {}

  /// Nothing was done.
  sealed interface Refused extends Step {
    /// For the person who tried.
    String why();
  }

  record Unknown(String what) implements Refused {
    @Override
    public String why() {
      return "there is no " + what;
    }
  }

  /// @param version in force, and what was to be published
  record Unchanged(String version) implements Refused {
    @Override
    public String why() {
      return "this content is in force already, as version " + version;
    }
  }

  /// Something else was published since: what was shown and agreed on is not what would happen now.
  record Overtaken(long proposedAs, long last) implements Refused {
    @Override
    public String why() {
      return "it was to be publication "
          + proposedAs
          + ", and publication "
          + last
          + " is in force by now; look at the plan and propose again";
    }
  }

  record AnsweredBefore(Answer answer) implements Refused {
    @Override
    public String why() {
      return answer.said().by()
          + " has "
          + (answer.approved() ? "approved" : "rejected")
          + " it at "
          + answer.said().at();
    }
  }

  record NotApproved() implements Refused {
    @Override
    public String why() {
      return "nobody has approved it";
    }
  }

  /// Whoever had handed it in was faster.
  record TakenBack() implements Refused {
    @Override
    public String why() {
      return "whoever had handed it in has taken it back";
    }
  }

  record NoReviewOpen() implements Refused {
    @Override
    public String why() {
      return "it waits for no review";
    }
  }

  /// In force, it would keep every server from starting.
  ///
  /// @param faults what is wrong in its files
  record Unreadable(List<Fault> faults) implements Refused {
    /// So many are told: it is recorded for ever, and a folder of something else has thousands.
    private static final int TOLD = 20;

    public Unreadable {
      faults = List.copyOf(faults);
    }

    /// Also in an emergency: what cannot be read stops nobody, and no server would start again.
    static Optional<Step> of(LibrarySource files) {
      try {
        var _ = files.read();
        return Optional.empty();
      } catch (FaultyFileException e) {
        return Optional.of(new Unreadable(e.faults()));
      }
    }

    @Override
    public String why() {
      return "this release cannot read it:\n"
          + faults.stream().limit(TOLD).map(Fault::toString).collect(Collectors.joining("\n"))
          + (faults.size() > TOLD ? "\nand %d more".formatted(faults.size() - TOLD) : "");
    }
  }

  /// A signature is missing, is not of whom it should be, or is of somebody who may not.
  record Untrusted(String why) implements Refused {}
}
