package dev.lanyard.server.console.sheet;

import java.util.List;

/// Asks once more before a review is opened.
///
/// @param reviewers who may be the one that decides, by their names in the approvers file
public record OpeningSheet(String provider, String quarter, List<String> reviewers) {
  public OpeningSheet {
    reviewers = List.copyOf(reviewers);
  }
}
