package dev.lanyard.server.transparency;

import java.util.Comparator;

/// Something that is not as the log says.
///
/// @param leaf where in the tree, for the order; -1 for what is about the log as a whole
/// @param what it is, for an auditor
public record Finding(Kind kind, long leaf, String what) {
  static final Comparator<Finding> FIRST_FIRST =
      Comparator.comparingLong(Finding::leaf).thenComparing(Finding::kind);

  static final long LOG = -1;

  /// What sort of thing.
  public enum Kind {
    /// The checkpoint bears no signature of a key that is trusted.
    UNSIGNED,
    /// A signature under the name of a key that is trusted is not by that key.
    FORGED,
    /// The log has not the beginning that it had.
    FORKED,
    /// No witness has seen it that should have.
    UNWITNESSED,
    /// Hashes are not those that were signed.
    TREE,
    /// A copy of a checkpoint is none. It proves nothing; everything else is verified.
    UNREADABLE,
    /// A record is not what was recorded.
    ALTERED,
    /// A record that was recorded is not there.
    MISSING,
    /// A record is there that was never recorded.
    INSERTED,
    /// A record is not where it was.
    REORDERED,
    /// What is concealed about somebody cannot be read, and no record says that it was erased.
    KEY_MISSING
  }
}
