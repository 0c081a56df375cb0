package dev.lanyard.server.gateway.aggregate;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.gateway.message.Heard;
import dev.lanyard.server.gateway.message.MessageReader;
import dev.lanyard.server.http.BodySource;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/// An answer in JSON of a connector of an aggregate: a result is passed on while it arrives, an
/// error when it is here as a whole, as something in it may have another name here. Whatever is not
/// one answer is not passed on, see [PartMessages#answer].
final class PartBody implements BodySource {
  private final BodySource part;
  private final PartMessages words;
  private final int most;
  private final MessageReader reader = new MessageReader();
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private boolean passing;

  /// @param most bytes of an error
  PartBody(BodySource part, PartMessages words, int most) {
    this.part = part;
    this.words = words;
    this.most = most;
  }

  @Override
  public void opened(Listener listener) {
    part.opened(listener);
  }

  @Override
  public Piece next() {
    while (true) {
      switch (part.next()) {
        case Piece.Some(var bytes) -> {
          try {
            var piece = taken(bytes);
            if (piece.isPresent()) {
              return piece.get();
            }
          } catch (MalformedException e) {
            return new Piece.Broken("an answer of a connector cannot be judged: " + e.getMessage());
          }
        }
        case Piece.End end -> {
          return held.size() == 0 ? end : new Piece.Broken("an answer of a connector is not whole");
        }
        case Piece.NothingYet nothing -> {
          return nothing;
        }
        case Piece.Broken broken -> {
          return broken;
        }
      }
    }
  }

  /// What to pass on of a piece; empty as long as it is not known what it is of.
  private Optional<Piece> taken(ByteBuffer bytes) throws MalformedException {
    reader.read(bytes.duplicate());
    if (reader.isArray() || reader.heard().stream().anyMatch(Heard::isUnasked)) {
      throw new MalformedException("it is not one answer");
    }
    if (passing) {
      return Optional.of(new Piece.Some(bytes));
    }
    var these = new byte[bytes.remaining()];
    bytes.get(these);
    held.writeBytes(these);
    if (held.size() > most) {
      throw new MalformedException("an error is larger than " + most + " bytes");
    }
    if (!reader.isResult() && !reader.isComplete()) {
      return Optional.empty();
    }
    passing = true;
    var known = held.toByteArray();
    held.reset();
    return Optional.of(
        new Piece.Some(ByteBuffer.wrap(reader.isResult() ? known : words.answer(known))));
  }

  @Override
  public void closed() {
    part.closed();
  }
}
