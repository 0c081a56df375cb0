package dev.lanyard.benchmarks.compare;

import java.io.IOException;
import java.util.Optional;

/// A server that is running for the comparison. Closing it ends its processes.
interface Contestant extends AutoCloseable {
  String name();

  /// The processes of the server, without its database.
  ProcessTree server();

  /// How it came up.
  StartUp startUp();

  /// The requests of an operation; empty if this server does not offer it.
  Optional<Load> load(Operation operation) throws IOException;

  @Override
  void close();
}
