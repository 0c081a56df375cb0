package dev.lanyard.server.app;

/// A command that another module adds to the command line, found through `ServiceLoader`.
public interface CommandProvider {
  /// A new object with picocli's annotations.
  Object command();
}
