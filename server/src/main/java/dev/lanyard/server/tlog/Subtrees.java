package dev.lanyard.server.tlog;

/// The hashes of the complete subtrees of a tree: all that root and proofs are computed from.
@FunctionalInterface
interface Subtrees {

  /// The hash over the leaves from `index * 2^height` to `(index + 1) * 2^height`.
  Hash complete(int height, long index);
}
