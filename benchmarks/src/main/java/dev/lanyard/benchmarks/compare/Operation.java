package dev.lanyard.benchmarks.compare;

/// What is measured.
enum Operation {
  ISSUE("ID-JAG issue"),
  REDEEM("ID-JAG redemption"),
  INTROSPECT("introspection"),
  CALL("guarded MCP call");

  private final String title;

  Operation(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
