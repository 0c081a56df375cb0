package dev.lanyard.server.ras;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.statuslist.StatusReference;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.token.Paths;
import java.net.URI;
import java.util.BitSet;

/// Gives access tokens their places in status lists (TSL-1). Thread-safe.
///
/// Places are drawn at random, so that two of them tell nothing about when, to whom or how many
/// tokens were issued. This process alone gives the places of its lists, and after a start it
/// begins a new list: so no place is given twice, on however many nodes, and nothing has to be
/// agreed on.
final class StatusPlaces {
  /// The path of a list, below the issuer.
  static final String PATH = "/status-lists/{list}";

  /// Large enough for one token to go under, small enough to be fetched every minute: 4 KiB.
  static final int SIZE = 1 << 15;

  /// Beyond, a free place takes long to be found.
  private static final int MOST_IN_LIST = SIZE / 2;

  private final String base;
  private final BitSet given = new BitSet(SIZE);
  private String list = OpaqueToken.identifier();

  StatusPlaces(Issuer issuer) {
    this.base = Paths.at(issuer, PATH.substring(0, PATH.indexOf('{'))).toString();
  }

  /// A place that no token has had.
  synchronized Place next() {
    if (given.cardinality() >= MOST_IN_LIST) {
      list = OpaqueToken.identifier();
      given.clear();
    }
    int index = OpaqueToken.random().nextInt(SIZE);
    while (given.get(index)) {
      index = OpaqueToken.random().nextInt(SIZE);
    }
    given.set(index);
    return new Place(list, index);
  }

  /// @param list the list's name
  record Place(String list, int index) {}

  /// As it stands in a token.
  StatusReference reference(Place place) {
    return new StatusReference(place.index(), uri(place.list()));
  }

  /// The address of a list, which is its name outside.
  URI uri(String list) {
    return URI.create(base + list);
  }
}
