package dev.lanyard.server.ras;

import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.revocation.Notice;
import dev.lanyard.server.revocation.Denial;
import dev.lanyard.server.revocation.DenySet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The last denials in their order, for those who listen to the revocation stream; shared, so that
/// a listener is no more than a place in it. Thread-safe.
final class DenyLog {
  private static final int LONGEST = 4_096;

  /// As many denials as one change carries. More come at once when this node has everything anew.
  private static final int MOST_IN_ENTRY = 500;

  private final DenySet denied;
  private final Runnable onNews;
  private final Deque<Entry> entries = new ArrayDeque<>();

  /// Every denial after this one is in the log.
  private long from;

  private long last;

  DenyLog(DenySet denied, Runnable onNews) {
    this.denied = denied;
    this.onNews = onNews;
  }

  /// To be called once, after the log has begun to hear of denials.
  ///
  /// @param head the last denial in the record; the set has everything up to it
  synchronized void begin(long head) {
    from = Math.max(from, head);
    last = Math.max(last, head);
  }

  /// One change: everything that it denied.
  record Entry(long sequence, List<Denial> denials) {
    /// What of it a reader may know.
    List<Notice> notices(Predicate<ResourceIndicator> mayKnow) {
      return DenyLog.notices(denials, mayKnow);
    }
  }

  /// What a place in the log has before it.
  sealed interface Rest {
    record Entries(List<Entry> entries) implements Rest {}

    /// The place is too old; everything since then has to be told anew.
    record Lost() implements Rest {}
  }

  void append(List<Denial> denials) {
    if (denials.isEmpty()) {
      return;
    }
    add(new Entry(denials.getFirst().sequence(), denials));
    onNews.run();
  }

  private synchronized void add(Entry entry) {
    // A change is delivered at least once.
    if (entry.sequence() > last) {
      last = entry.sequence();
      if (entry.denials().size() > MOST_IN_ENTRY) {
        // Told in parts, as a snapshot.
        entries.clear();
        from = last;
        return;
      }
      entries.add(entry);
      if (entries.size() > LONGEST) {
        from = entries.removeFirst().sequence();
      }
    }
  }

  synchronized long last() {
    return last;
  }

  synchronized Rest after(long sequence, int most) {
    if (sequence < from) {
      return new Rest.Lost();
    }
    var rest = new ArrayList<Entry>();
    // From the new end: a listener is nearly always close to it.
    for (var newest = entries.descendingIterator(); newest.hasNext(); ) {
      var entry = newest.next();
      if (entry.sequence() <= sequence) {
        break;
      }
      rest.add(entry);
    }
    var inOrder = rest.reversed();
    return new Rest.Entries(List.copyOf(inOrder.subList(0, Math.min(most, inOrder.size()))));
  }

  /// Everything that is denied now, in order.
  List<Notice> all(Predicate<ResourceIndicator> mayKnow) {
    var denials = denied.all().stream().sorted(Comparator.comparingLong(Denial::sequence)).toList();
    return notices(denials, mayKnow);
  }

  private static List<Notice> notices(List<Denial> denials, Predicate<ResourceIndicator> mayKnow) {
    return denials.stream().flatMap(denial -> notice(denial, mayKnow).stream()).toList();
  }

  /// What of a denial concerns a resource server: tokens. Sign-ins and assertions are the broker's
  /// affair, and another's resource is another's affair.
  private static Optional<Notice> notice(Denial denial, Predicate<ResourceIndicator> mayKnow) {
    var value = denial.denied().value();
    var kind =
        switch (denial.denied().kind()) {
          case PERSON -> Optional.of(Notice.Kind.PERSON);
          case SESSION -> Optional.of(Notice.Kind.SESSION);
          case GRANT -> Optional.of(Notice.Kind.GRANT);
          case TOKEN -> Optional.of(Notice.Kind.TOKEN);
          case CLIENT -> Optional.of(Notice.Kind.CLIENT);
          case CONNECTOR ->
              Optional.of(Notice.Kind.RESOURCE)
                  .filter(_ -> mayKnow.test(new ResourceIndicator(value)));
          case ISSUER -> Optional.of(Notice.Kind.IDENTITY_PROVIDER);
          case ORGANISATION -> Optional.of(Notice.Kind.ORGANISATION);
          case ALL -> Optional.of(Notice.Kind.ALL);
          case SIGN_IN, ASSERTION -> Optional.<Notice.Kind>empty();
        };
    return kind.map(known ->
        new Notice(
            known,
            Notice.mark(known, value),
            denial.before(),
            denial.forgetAfter(),
            denial.sequence()));
  }
}
