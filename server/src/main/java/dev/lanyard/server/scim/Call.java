package dev.lanyard.server.scim;

import java.util.Arrays;
import java.util.Optional;

/// What a request says besides its body.
///
/// @param ifMatch the versions that the resource must have one of, if any are named
/// @param ifNoneMatch the versions that need not be sent again
/// @param isInBulk whether the answer is only where the resource is, and in which version
record Call(
    String correlationId,
    Projection projection,
    Optional<String> ifMatch,
    Optional<String> ifNoneMatch,
    boolean isInBulk) {

  /// @throws ScimRefusal 412 if the resource has another version than the one that is meant
  /// @spec https://www.rfc-editor.org/rfc/rfc7644.html#section-3.14 RFC 7644 §3.14 (SCIM-11)
  void requireVersion(ScimConnection connection, long version) throws ScimRefusal {
    if (ifMatch.isPresent()
        && !connection.compatibility().isMinimal()
        && !names(ifMatch.get(), version)) {
      throw new ScimRefusal(
          412, ScimRefusal.Type.INVALID_VERSION, "the resource has another version by now");
    }
  }

  boolean hasSeen(ScimConnection connection, long version) {
    return ifNoneMatch.isPresent()
        && !connection.compatibility().isMinimal()
        && names(ifNoneMatch.get(), version);
  }

  private static boolean names(String condition, long version) {
    var tags = Arrays.stream(condition.split(",", -1)).map(String::strip).toList();
    return tags.contains("*")
        || tags.contains(tag(version))
        || tags.contains(tag(version).substring(2));
  }

  /// Weak: the same resource may be written in more than one way.
  static String tag(long version) {
    return "W/\"" + version + "\"";
  }
}
