package dev.lanyard.server.stdio;

/// Learns of processes.
///
/// @param <O> for whom they run
public interface Journal<O extends Owner> {
  /// One has been started.
  void started(O owner, long pid);

  /// One has ended, with its children.
  void ended(O owner, long pid, String why);
}
