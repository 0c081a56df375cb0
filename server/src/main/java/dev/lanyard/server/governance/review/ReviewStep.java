package dev.lanyard.server.governance.review;

import java.util.List;

/// What became of a step of a review.
public sealed interface ReviewStep {
  /// It was done.
  ///
  /// @param review as it is now
  record Done(PolicyReview review) implements ReviewStep {}

  /// It was not done, and nothing was changed.
  sealed interface Refused extends ReviewStep {
    /// In words for whoever tried.
    String why();
  }

  /// There is no such review.
  record Unknown(String id) implements Refused {
    @Override
    public String why() {
      return "no review is '" + id + "'; `lanyard review list` shows them";
    }
  }

  /// There is one of that provider and quarter already.
  record Exists(String id) implements Refused {
    @Override
    public String why() {
      return "'%s' was opened already: one review for a provider and quarter".formatted(id);
    }
  }

  /// The quarter has not begun.
  record TooEarly(String quarter) implements Refused {
    @Override
    public String why() {
      return quarter + " has not begun";
    }
  }

  /// The evidence does not fit into a document.
  ///
  /// @param largest which items have most of it, in words
  record TooMuchEvidence(long bytes, long most, String largest) implements Refused {
    @Override
    public String why() {
      return ("its evidence is too large for one document: %d bytes of at most %d; most of it is in %s."
              + " Fewer connectors in a role, or fewer roles, make it smaller")
          .formatted(bytes, most, largest);
    }
  }

  /// The evidence with the decisions does not fit into a document.
  record TooLarge(long bytes) implements Refused {
    @Override
    public String why() {
      return "it is too large for one document: %d bytes; shorter rationales help".formatted(bytes);
    }
  }

  /// Somebody who may not.
  ///
  /// @param why what the approvers file or the signature lacks
  record NotAllowed(String why) implements Refused {}

  /// It is signed: nothing of it changes any more.
  record Closed(String id) implements Refused {
    @Override
    public String why() {
      return "'" + id + "' is signed; nothing of it changes any more";
    }
  }

  /// The evidence has no such item.
  record NoSuchItem(String item) implements Refused {
    @Override
    public String why() {
      return "the evidence has no item '" + item + "'";
    }
  }

  /// Something is not decided.
  record Undecided(List<String> items) implements Refused {
    @Override
    public String why() {
      return "not decided yet: " + String.join(", ", items);
    }
  }

  /// A decision was made while this was signed.
  record Moved() implements Refused {
    @Override
    public String why() {
      return "a decision was made in the meantime; read it and sign again";
    }
  }
}
