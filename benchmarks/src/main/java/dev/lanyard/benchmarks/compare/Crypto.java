package dev.lanyard.benchmarks.compare;

/// Which provider Lanyard and the floor sign with.
enum Crypto {
  ACCP("accp"),
  JDK("jdk");

  private final String value;

  Crypto(String value) {
    this.value = value;
  }

  /// The JVM option that asks for it; a JVM that cannot load it does not start.
  String option() {
    return "-Dlanyard.crypto=" + value;
  }
}
