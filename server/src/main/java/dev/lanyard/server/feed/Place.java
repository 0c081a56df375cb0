package dev.lanyard.server.feed;

import java.util.Optional;

/// How far a receiver is: what it has acknowledged, without gaps.
///
/// @param sequence everything up to this change
/// @param part so many denials of the change after it
/// @param told while what was denied before the feed began is being told: the last of it; the
///   sequence is that of the moment in which the telling began
record Place(long sequence, int part, Optional<Told> told) {
  /// A denial in the order of the table.
  record Told(String kind, String value) {
    /// Before the first.
    static final Told NOTHING = new Told("", "");
  }

  /// Nothing has been told yet of what is denied now.
  static Place beginning(long head) {
    return new Place(head, 0, Optional.of(Told.NOTHING));
  }

  /// Everything up to a change is known.
  static Place after(long sequence) {
    return new Place(sequence, 0, Optional.empty());
  }
}
