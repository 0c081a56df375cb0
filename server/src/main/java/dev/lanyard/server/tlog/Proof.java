package dev.lanyard.server.tlog;

import java.util.List;

/// Verifies proofs of others, from hashes alone.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9162.html#section-2.1.3.2 RFC 9162 §2.1.3.2
public final class Proof {
  private Proof() {}

  /// Whether a leaf is at this place of the tree with this root.
  ///
  /// @param path as [Tree#inclusion] gives it
  public static boolean includes(Hash root, long size, Hash leaf, long index, List<Hash> path) {
    if (index < 0 || index >= size) {
      return false;
    }
    long node = index;
    long last = size - 1;
    var hash = leaf;
    for (var other : path) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        hash = Hash.node(other, hash);
        while ((node & 1) == 0 && node != 0) {
          node >>= 1;
          last >>= 1;
        }
      } else {
        hash = Hash.node(hash, other);
      }
      node >>= 1;
      last >>= 1;
    }
    return last == 0 && hash.equals(root);
  }
}
