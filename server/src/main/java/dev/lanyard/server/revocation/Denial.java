package dev.lanyard.server.revocation;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.revocation.IssuedAt;
import dev.lanyard.server.database.Change;
import java.time.Instant;
import java.util.List;

/// A denial in force.
///
/// @param denied what is dead
/// @param before whatever was issued before is dead; [#UNTIL_LIFTED] for everything, also what is
///   issued from now on
/// @param forgetAfter when nothing can be left that it would have to kill
/// @param sequence of the change that brought it: of two about something that can be switched on
///   again the one with the higher number counts
public record Denial(Denied denied, Instant before, Instant forgetAfter, long sequence) {
  /// The kind of change that carries denials.
  public static final String CHANGE = "deny";

  /// The end of time, as far as denials go.
  public static final Instant UNTIL_LIFTED = Instant.parse("9999-12-31T23:59:59Z");

  Denial(Denied denied, Instant before, Instant forgetAfter) {
    this(denied, before, forgetAfter, 0);
  }

  /// Whether it holds until it is lifted, whatever is issued meanwhile.
  public boolean isUntilLifted() {
    return before.equals(UNTIL_LIFTED);
  }

  /// Whether it makes something dead that was issued then.
  ///
  /// A token says when it was issued in whole seconds, a denial is known to the millisecond: a
  /// token of the very second of a denial counts as older, so that no token from before it can come
  /// back to life.
  public boolean kills(Instant issuedAt) {
    return switch (denied.kind()) {
      case SESSION, GRANT, TOKEN -> true;
      case PERSON, SIGN_IN, ASSERTION, CLIENT, CONNECTOR, ISSUER, ORGANISATION, ALL ->
          IssuedAt.isKilledBy(issuedAt, before);
    };
  }

  /// From when on something may be issued that it does not kill.
  Instant firstSecondAfter() {
    return IssuedAt.firstSecondAfter(before);
  }

  Denial newer(Denial other) {
    if (!denied.kind().canBeLifted()) {
      // What is never lifted can only become more, in whatever order it arrives.
      return other.before.isAfter(before) ? other : this;
    }
    var last = other.sequence >= sequence ? other : this;
    var former = last == this ? other : this;
    // A node that knows of fewer dates given ahead reaches less far: what was dead stays so.
    return former.isUntilLifted() || !former.before.isAfter(last.before)
        ? last
        : new Denial(denied, former.before, former.forgetAfter, last.sequence);
  }

  Denial numbered(long number) {
    return new Denial(denied, before, forgetAfter, number);
  }

  /// The denials of a change of the kind [#CHANGE].
  public static List<Denial> of(Change change) {
    try {
      return change.body().objects("denials").orElseThrow().stream()
          .map(json -> of(json, change.sequence()))
          .toList();
    } catch (MalformedException e) {
      throw unreadable(change.sequence(), e);
    }
  }

  private static Denial of(JsonObject json, long sequence) {
    try {
      return new Denial(
          new Denied(
              Denied.Kind.valueOf(json.nonEmptyString("kind")), json.nonEmptyString("value")),
          Instant.ofEpochMilli(json.integer("before").orElseThrow()),
          Instant.ofEpochMilli(json.integer("forget_after").orElseThrow()),
          sequence);
    } catch (MalformedException e) {
      throw unreadable(sequence, e);
    }
  }

  private static IllegalStateException unreadable(long sequence, MalformedException e) {
    return new IllegalStateException("change " + sequence + " is not about denials", e);
  }

  static JsonObject change(List<Denial> denials) {
    return JsonObject.builder()
        .put("denials", denials.stream().map(Denial::toJson).toList())
        .build();
  }

  private JsonObject toJson() {
    return JsonObject.builder()
        .put("kind", denied.kind().name())
        .put("value", denied.value())
        .put("before", before.toEpochMilli())
        .put("forget_after", forgetAfter.toEpochMilli())
        .build();
  }
}
