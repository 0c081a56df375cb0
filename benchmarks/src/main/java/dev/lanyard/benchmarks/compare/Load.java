package dev.lanyard.benchmarks.compare;

import java.net.URI;
import java.util.Map;
import java.util.function.Supplier;

/// The requests of one operation: POSTs to one URL.
sealed interface Load {
  URI url();

  Map<String, String> headers();

  /// Every request sends the same body.
  record Same(URI url, Map<String, String> headers, String body) implements Load {}

  /// Every request sends a body of its own, because the server takes each only once.
  ///
  /// @param bodies makes the next body, valid for some minutes; called from several threads
  record Unique(URI url, Map<String, String> headers, Supplier<String> bodies) implements Load {}
}
