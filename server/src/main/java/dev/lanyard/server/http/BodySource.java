package dev.lanyard.server.http;

import java.nio.ByteBuffer;

/// What the body of an answer consists of that is passed on while it arrives from elsewhere. A
/// piece is asked for when the peer has taken the one before: nothing queues up for a peer that
/// reads slowly.
public interface BodySource {
  /// Called once, before anything else.
  void opened(Listener listener);

  /// The next piece. Called by one thread at a time; never waits.
  Piece next();

  /// Called once, when the answer has ended, whoever ended it.
  void closed();

  /// What comes next.
  sealed interface Piece {
    /// Some bytes, at least one.
    record Some(ByteBuffer bytes) implements Piece {}

    /// Nothing yet: the listener is woken when there is.
    record NothingYet() implements Piece {}

    /// The body is complete.
    record End() implements Piece {}

    /// The body will never be complete. The peer is cut off, so that it does not take the half for
    /// the whole.
    record Broken(String why) implements Piece {}
  }

  /// Who listens.
  interface Listener {
    /// There is something more.
    void wake();

    /// Cuts the peer off at once, whatever is on its way to it.
    void cut(String why);

    /// As long as nobody listens.
    Listener NOBODY =
        new Listener() {
          @Override
          public void wake() {}

          @Override
          public void cut(String why) {}
        };
  }
}
