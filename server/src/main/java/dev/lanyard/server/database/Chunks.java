package dev.lanyard.server.database;

import java.util.ArrayList;
import java.util.List;

/// Parts of a list that fit into one statement, transaction or change.
public final class Chunks {
  private Chunks() {}

  /// The list in its order, in views of at most this size; none of an empty list.
  public static <T> List<List<T>> of(List<T> all, int size) {
    var chunks = new ArrayList<List<T>>();
    for (int from = 0; from < all.size(); from += size) {
      chunks.add(all.subList(from, Math.min(from + size, all.size())));
    }
    return chunks;
  }
}
