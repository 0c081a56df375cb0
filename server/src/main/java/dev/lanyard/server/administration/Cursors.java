package dev.lanyard.server.administration;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.keys.MasterKey;

/// Makes cursors of the places at which pages end. A place may be the name of somebody, and ends in
/// addresses and logs, so that nobody can read one; and none is good but where it was made, so that
/// nobody can write one. Every node reads those of every other. Thread-safe.
public final class Cursors {
  private final MasterKey key;

  public Cursors(MasterKey master) {
    this.key = master.forPurpose("cursors of the JSON API");
  }

  /// @param list the list with its filters
  String seal(String place, String list) {
    return key.seal(new Secret(place), list);
  }

  /// @throws MalformedException if it was not made here, for this list
  String open(String cursor, String list) throws MalformedException {
    return key.openIfOurs(cursor, list)
        .map(Secret::reveal)
        .orElseThrow(
            () -> new MalformedException("'cursor' is what 'next' of the page before says"));
  }
}
