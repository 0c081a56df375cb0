package dev.lanyard.server.revocation;

import dev.lanyard.protocol.revocation.IssuedAt;
import dev.lanyard.server.directory.PersonId;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;

/// Up to which date a kill reaches that comes now.
///
/// What is issued in the second of a denial is dated into the next one ([DenySet#issuable]). A kill
/// in that same second has to reach it there, or it would live on: so it reaches what this node has
/// dated ahead of what it kills, and the first second after earlier denials of the same (decision
/// 137). For one thread.
final class Reach {
  /// Others compare dates with their clocks, and may refuse what is dated half a minute ahead.
  /// Nobody who has one person killed again and again makes it more.
  private static final Duration FARTHEST = Duration.ofSeconds(20);

  private final Instant now;
  private final DenySet denied;
  private final Map<PersonId, Instant> recorded;

  /// @param denied what this node knows to be denied
  /// @param recorded the newest denial of each person in the record, of which this node may not
  ///   have heard yet
  Reach(Instant now, DenySet denied, Map<PersonId, Instant> recorded) {
    this.now = now;
    this.denied = denied;
    this.recorded = Map.copyOf(recorded);
  }

  /// When the kill comes.
  Instant now() {
    return now;
  }

  /// Everything that was issued for a person.
  Instant everythingOf(PersonId person) {
    var id = person.value();
    var own = denied.newest(Denied.person(id), Denied.signIn(id), Denied.assertion(id));
    return latest(
        after(own),
        after(recorded.getOrDefault(person, Instant.MIN)),
        denied.datedAhead(Denied.person(id)));
  }

  /// The ID-JAGs of a person. Earlier denials of these alone do not count: somebody may come into
  /// thirty groups within a second, and would get assertions from half a minute later.
  Instant assertionsOf(PersonId person) {
    var id = person.value();
    var own = denied.newest(Denied.person(id), Denied.signIn(id));
    return latest(after(own), denied.datedAhead(Denied.person(id)));
  }

  /// What is of many people.
  Instant of(Denied what) {
    return latest(after(denied.newest(what)), denied.datedAhead(what));
  }

  private Instant after(Instant denial) {
    return denial.equals(Instant.MIN) ? now : IssuedAt.firstSecondAfter(denial);
  }

  private Instant latest(Instant... instants) {
    var latest = Arrays.stream(instants).filter(now::isBefore).max(Instant::compareTo).orElse(now);
    var farthest = now.plus(FARTHEST);
    return latest.isAfter(farthest) ? farthest : latest;
  }
}
