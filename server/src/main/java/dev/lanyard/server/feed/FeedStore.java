package dev.lanyard.server.feed;

import dev.lanyard.server.clients.Client;
import dev.lanyard.server.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Where each receiver is, and what comes next for it. Each method is one transaction.
final class FeedStore {
  /// As many as are told at once; acknowledgements are for these.
  static final int MOST = 100;

  /// A process that has ended without saying so is forgotten after this time.
  static final Duration INACTIVITY = Duration.ofHours(1);

  private static final Duration TOUCH = Duration.ofMinutes(5);

  private final Database database;
  private final FeedEvents events;
  private final InstantSource clock;

  FeedStore(Database database, FeedEvents events, InstantSource clock) {
    this.database = database;
    this.events = events;
    this.clock = clock;
  }

  /// What is told next.
  ///
  /// @param more whether there is, or may be, more beyond
  record Batch(List<FeedEvents.Unsigned> events, boolean more) {}

  /// @param feed as it is now
  record Polled(Feed feed, Batch batch) {}

  private record Item(FeedEvents.Unsigned event, Place then) {}

  private record Ahead(List<Item> items, boolean more, Place place) {}

  /// What to do with a feed.
  @FunctionalInterface
  interface Change<T> {
    T of(Connection connection, Feed feed) throws SQLException;
  }

  /// Begins a feed with what is denied now.
  ///
  /// @param most how many this client may have
  /// @return empty if it has too many
  Optional<Feed> create(
      Client client,
      Optional<String> description,
      Optional<Duration> staleAfter,
      String id,
      int most) {
    return database.write(connection -> {
      var now = clock.instant();
      var others = Feed.of(connection, client.id());
      others.removeIf(feed -> feed.expiresAt().isBefore(now));
      if (others.size() >= most) {
        return Optional.empty();
      }
      var place = Place.beginning(DenialRecord.head(connection));
      var feed =
          new Feed(
              id,
              client.id(),
              description,
              staleAfter,
              place,
              Optional.empty(),
              now.plus(INACTIVITY));
      feed.insert(connection, now);
      return Optional.of(feed);
    });
  }

  List<Feed> of(Client client) {
    return database.read(connection -> Feed.of(connection, client.id()));
  }

  /// @return empty if this client has no such feed
  <T> Optional<T> change(Client client, String id, Change<T> change) {
    return database.write(connection -> {
      var feed = Feed.lock(connection, client.id(), id);
      return feed.isPresent() ? Optional.of(change.of(connection, feed.get())) : Optional.empty();
    });
  }

  /// Notes what the receiver has, and reads what comes next.
  ///
  /// @param has the ids of events that it has, or has refused
  /// @return empty if this client has no such feed
  Optional<Polled> poll(Client client, String id, Set<String> has, int most) {
    return change(
        client,
        id,
        (connection, before) -> {
          var feed = settled(connection, before, client, has);
          var ahead = ahead(connection, feed, client);
          var next = feed.at(ahead.place());
          if (next.expiresAt().isBefore(clock.instant().plus(INACTIVITY).minus(TOUCH))) {
            next = next.until(clock.instant().plus(INACTIVITY));
          }
          if (!next.equals(before)) {
            next.update(connection);
          }
          return new Polled(next, batch(next, ahead, most));
        });
  }

  private Batch batch(Feed feed, Ahead ahead, int most) {
    var told = new ArrayList<FeedEvents.Unsigned>();
    feed.verification()
        .ifPresent(state -> told.add(events.verification(feed, state, clock.instant())));
    ahead.items().stream().limit(MOST).map(Item::event).forEach(told::add);
    boolean more = ahead.more() || told.size() > most;
    return new Batch(List.copyOf(told.subList(0, Math.min(most, told.size()))), more);
  }

  /// The place moves over what is acknowledged, as far as there is no gap: what comes after one is
  /// told again.
  private Feed settled(Connection connection, Feed feed, Client client, Set<String> has)
      throws SQLException {
    if (has.isEmpty()) {
      return feed;
    }
    var settled = feed;
    if (feed.verification().isPresent()) {
      var verification = events.verification(feed, feed.verification().get(), clock.instant());
      settled = has.contains(verification.id()) ? feed.verifying(Optional.empty()) : feed;
    }
    var ahead = ahead(connection, settled, client);
    settled = settled.at(ahead.place());
    for (var item : ahead.items().subList(0, Math.min(MOST, ahead.items().size()))) {
      if (!has.contains(item.event().id())) {
        break;
      }
      settled = settled.at(item.then());
    }
    return settled;
  }

  /// What comes next, if need be beyond much that does not concern this receiver.
  private Ahead ahead(Connection connection, Feed feed, Client client) throws SQLException {
    var now = clock.instant();
    var place = feed.place();
    while (true) {
      switch (DenialRecord.after(connection, place, now)) {
        case DenialRecord.Rest.Lost() -> place = Place.beginning(DenialRecord.head(connection));
        case DenialRecord.Rest.Known(var denials, boolean complete, var end) -> {
          var items = new ArrayList<Item>();
          for (var next : denials) {
            events
                .of(next.denial(), feed, client, now)
                .ifPresent(event -> items.add(new Item(event, next.then())));
            // One more says that there are more: of ten thousand no poll prepares all.
            if (items.size() > MOST) {
              break;
            }
          }
          if (!items.isEmpty()) {
            return new Ahead(items, items.size() > MOST || !complete, place);
          }
          if (complete) {
            return new Ahead(items, false, end);
          }
          place = end;
        }
      }
    }
  }
}
