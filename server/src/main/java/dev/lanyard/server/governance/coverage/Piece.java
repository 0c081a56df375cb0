package dev.lanyard.server.governance.coverage;

/// What a seat counts as in a picture of the coverage.
public enum Piece {
  /// People have nothing to do.
  SILENT("silent"),
  /// Its vendor rolls it out.
  EARLY("early rollout"),
  /// People consent until something else is seen.
  TRACKING("consent needed"),
  /// Nobody can tell.
  UNKNOWN("unknown");

  private final String words;

  Piece(String words) {
    this.words = words;
  }

  /// For people.
  public String words() {
    return words;
  }
}
