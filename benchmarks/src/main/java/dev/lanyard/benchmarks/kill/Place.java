package dev.lanyard.benchmarks.kill;

/// Who refuses from a memory of its own.
enum Place {
  /// Kills come in here.
  NODE_1("node-1"),
  NODE_2("node-2"),
  /// The resource-server library; it listens to the revocation stream of the second node.
  LIBRARY("mcp-server");

  /// By this name receipts know it.
  final String known;

  Place(String known) {
    this.known = known;
  }
}
