package dev.lanyard.server.gateway;

import dev.lanyard.server.http.BodySource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Several streams of events as one. Each gives whole events, so they can be taken in turn; one
/// that ends or breaks leaves the others.
final class Confluence implements BodySource {
  private final List<BodySource> streams;
  private int next;

  Confluence(List<BodySource> streams) {
    this.streams = new CopyOnWriteArrayList<>(streams);
  }

  @Override
  public void opened(Listener listener) {
    streams.forEach(one -> one.opened(listener));
  }

  @Override
  public Piece next() {
    for (int looked = 0; looked < streams.size(); ) {
      next = next % streams.size();
      var stream = streams.get(next);
      switch (stream.next()) {
        case Piece.Some some -> {
          next++;
          return some;
        }
        case Piece.NothingYet() -> {
          next++;
          looked++;
        }
        case Piece.End(), Piece.Broken(_) -> {
          streams.remove(next);
          stream.closed();
        }
      }
    }
    return streams.isEmpty() ? new Piece.End() : new Piece.NothingYet();
  }

  @Override
  public void closed() {
    streams.forEach(BodySource::closed);
  }
}
