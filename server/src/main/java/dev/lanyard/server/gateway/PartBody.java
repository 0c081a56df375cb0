package dev.lanyard.server.gateway;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.http.BodySource;

/// An answer in JSON of a connector of an aggregate, passed on while it arrives if it is one
/// answer: a question of its server's among several messages, or in place of an answer, would reach
/// the client with an id that brings what the client answers to another server.
final class PartBody implements BodySource {
  private final BodySource part;
  private final MessageReader reader = new MessageReader();

  PartBody(BodySource part) {
    this.part = part;
  }

  /// Of an answer that is here as a whole.
  static boolean isAnswer(byte[] text) {
    try {
      return !(MessageReader.only(text) instanceof Heard.OfItself);
    } catch (MalformedException e) {
      return false;
    }
  }

  @Override
  public void opened(Listener listener) {
    part.opened(listener);
  }

  @Override
  public Piece next() {
    var piece = part.next();
    if (piece instanceof Piece.Some(var bytes)) {
      try {
        reader.read(bytes.duplicate());
      } catch (MalformedException e) {
        return new Piece.Broken("an answer of a connector cannot be judged: " + e.getMessage());
      }
      if (reader.isArray() || reader.heard().contains(new Heard.OfItself())) {
        return new Piece.Broken("an answer of a connector is not one answer");
      }
    }
    return piece;
  }

  @Override
  public void closed() {
    part.closed();
  }
}
