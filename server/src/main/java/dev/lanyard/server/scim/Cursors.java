package dev.lanyard.server.scim;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.server.directory.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;

/// Cursors of RFC 9865. A cursor is a place in the order of one connection's list, so it holds
/// nothing that would have to be kept, on whichever node.
///
/// It is not secret and gives no right: what a page shows is asked anew, within the connection that
/// authenticates. The digest in it only tells a cursor of another search, or a spoiled one, from a
/// good one.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9865.html#section-2 RFC 9865 §2 (SCIM-13)
final class Cursors {
  static final Duration LIFE = Duration.ofHours(1);
  private static final int DIGEST_CHARACTERS = 16;

  private final String list;
  private final InstantSource clock;

  /// @param list names the list: the connection with what it lists
  Cursors(String list, InstantSource clock) {
    this.list = list;
    this.clock = clock;
  }

  String cursor(Search search, Position place) {
    var expiry = clock.instant().plus(LIFE).toEpochMilli();
    var content = place.createdAt().toEpochMilli() + " " + place.id() + " " + expiry;
    var whole = content + " " + digest(search, content);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(whole.getBytes(StandardCharsets.UTF_8));
  }

  /// The place behind which the page begins; before everything for the first one.
  ///
  /// @throws ScimRefusal `invalidCursor` or `expiredCursor`
  Position position(Search search) throws ScimRefusal {
    var sent = search.cursor().orElse("");
    if (sent.isEmpty()) {
      return new Position(Instant.EPOCH, "");
    }
    var parts = decoded(sent).split(" ", -1);
    if (parts.length != 4 || !parts[0].matches("\\d{1,15}") || !parts[2].matches("\\d{1,15}")) {
      throw invalid();
    }
    var content = String.join(" ", Arrays.copyOf(parts, 3));
    if (!digest(search, content).equals(parts[3])) {
      throw invalid();
    }
    if (clock.instant().isAfter(Instant.ofEpochMilli(Long.parseLong(parts[2])))) {
      throw new ScimRefusal(
          400, ScimRefusal.Type.EXPIRED_CURSOR, "the cursor has expired; begin again");
    }
    return new Position(Instant.ofEpochMilli(Long.parseLong(parts[0])), parts[1]);
  }

  private static String decoded(String cursor) throws ScimRefusal {
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // The JDK's decoder has no other way to say it.
      throw invalid();
    }
  }

  private static ScimRefusal invalid() {
    return new ScimRefusal(
        400, ScimRefusal.Type.INVALID_CURSOR, "the cursor is not one of this search");
  }

  private String digest(Search search, String content) {
    var hash = Sha256.of(list + "\n" + search.text() + "\n" + content);
    return Base64.getUrlEncoder().encodeToString(hash).substring(0, DIGEST_CHARACTERS);
  }
}
