package dev.lanyard.server.pair;

/// How the clients of a [Pair] become known and ask.
///
/// @param pushedRequestsOnly whether the broker takes pushed authorization requests only
public record Clientele(boolean pushedRequestsOnly) {
  /// Registered in the clients files, and as they like.
  public static final Clientele USUAL = new Clientele(false);

  /// Every client of the broker has to push its authorization requests.
  public Clientele pushing() {
    return new Clientele(true);
  }
}
