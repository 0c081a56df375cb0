package dev.lanyard.server.receipts;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.revocation.Denial;
import dev.lanyard.server.revocation.Denied;
import java.time.Instant;
import java.util.Optional;

/// Something that is dead, as the facts and the receipt have it.
///
/// @param refusedFrom since when it is refused, if later than the rest: what was looked for
///   afterwards
/// @param issuedBefore what of it was issued up to then is dead, [Denial#UNTIL_LIFTED] for whatever
///   is issued; empty where all of it is dead for ever, and in facts of former releases, which did
///   not say it
record Dead(Denied what, Optional<Instant> issuedBefore, Optional<Instant> refusedFrom) {

  static Dead of(Denial denial) {
    return new Dead(
        denial.denied(),
        switch (denial.denied().kind()) {
          case SESSION, GRANT, TOKEN -> Optional.empty();
          case PERSON, SIGN_IN, ASSERTION, CLIENT, CONNECTOR, ISSUER, ORGANISATION, ALL ->
              Optional.of(denial.before());
        },
        Optional.empty());
  }

  /// A grant that was lost.
  static Dead lost(String grant, Instant refusedFrom) {
    return new Dead(Denied.grant(grant), Optional.empty(), Optional.of(refusedFrom));
  }

  /// A moment at which something was issued that must be dead.
  ///
  /// @param killedAt when we acted
  Instant deadSince(Instant killedAt) {
    return issuedBefore.filter(killedAt::isAfter).orElse(killedAt);
  }

  /// For people: `person 8f2c…, issued up to 2026-10-05T08:00:00Z`.
  String told() {
    var bound =
        issuedBefore.map(before ->
            before.equals(Denial.UNTIL_LIFTED)
                ? "until it is enabled again"
                : "issued up to " + before);
    return what.told()
        + ", "
        + bound.orElse("for ever")
        + refusedFrom.map(from -> ", refused from " + from).orElse("");
  }

  JsonObject toJson() {
    var json = JsonObject.builder().put("kind", what.kind().name()).put("value", what.value());
    return issuedBefore.equals(Optional.of(Denial.UNTIL_LIFTED))
        ? json.put("until_lifted", true).build()
        : json.putIfPresent("issued_before", issuedBefore.map(Instant::toString))
            .putIfPresent("refused_from", refusedFrom.map(Instant::toString))
            .build();
  }

  /// @throws MalformedException if it is none
  static Dead of(JsonObject json) throws MalformedException {
    return new Dead(
        new Denied(Denied.Kind.valueOf(json.nonEmptyString("kind")), json.nonEmptyString("value")),
        json.bool("until_lifted").orElse(false)
            ? Optional.of(Denial.UNTIL_LIFTED)
            : json.string("issued_before").map(Instant::parse),
        json.string("refused_from").map(Instant::parse));
  }
}
