package dev.lanyard.benchmarks.compare;

/// One operation of one server under load.
///
/// @param perSecond requests a second
/// @param p50 median latency in milliseconds, as the driver sees it
/// @param p99 99th percentile of the latency in milliseconds
/// @param serverCpu CPU milliseconds of the server per request
/// @param databaseCpu CPU milliseconds of the database per request
/// @param refused answers that were no success
/// @param broken connections that failed
/// @param others the share of the machine that neither server, database nor driver used, 0 to 1
/// @param peakMiB most resident memory of the server so far
record Measurement(
    double perSecond,
    double p50,
    double p99,
    double serverCpu,
    double databaseCpu,
    long refused,
    long broken,
    double others,
    long peakMiB) {

  double cpu() {
    return serverCpu + databaseCpu;
  }

  /// Whether every request did what it should.
  boolean clean() {
    return refused == 0 && broken == 0;
  }
}
