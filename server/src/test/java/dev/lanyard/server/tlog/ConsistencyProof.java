package dev.lanyard.server.tlog;

import java.util.List;

/// Verifies proofs of consistency from hashes alone, as a witness does.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9162.html#section-2.1.4.2 RFC 9162 §2.1.4.2
public final class ConsistencyProof {
  private ConsistencyProof() {}

  /// Whether one tree is the beginning of another.
  ///
  /// @param path as [Tree#consistency] gives it
  public static boolean extend(Hash oldRoot, long oldSize, Hash root, long size, List<Hash> path) {
    if (oldSize < 0 || oldSize > size) {
      return false;
    }
    if (oldSize == size) {
      return path.isEmpty() && oldRoot.equals(root);
    }
    if (oldSize == 0) {
      return path.isEmpty() && oldRoot.equals(Hash.EMPTY);
    }
    // A complete old tree is a node of the new one and is left out.
    boolean complete = Long.bitCount(oldSize) == 1;
    if (!complete && path.isEmpty()) {
      return false;
    }
    long node = oldSize - 1;
    long last = size - 1;
    while ((node & 1) == 1) {
      node >>= 1;
      last >>= 1;
    }
    var first = complete ? oldRoot : path.getFirst();
    var oldHash = first;
    var hash = first;
    for (var other : complete ? path : path.subList(1, path.size())) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        oldHash = Hash.node(other, oldHash);
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
    return last == 0 && oldHash.equals(oldRoot) && hash.equals(root);
  }
}
