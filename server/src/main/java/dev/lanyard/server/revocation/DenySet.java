package dev.lanyard.server.revocation;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.revocation.IssuedAt;
import dev.lanyard.server.clients.ClientDenials;
import dev.lanyard.server.clients.Halt;
import dev.lanyard.server.database.Change;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Follower;
import dev.lanyard.server.database.Reading;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.revocation.Denied.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Everything that is dead before its time, in memory on every node: derived from the record, kept
/// up to date by the change feed. Whoever asks must also ask the feed whether it is fresh.
/// Thread-safe; asking is a few look-ups in hash tables.
///
/// **Whole seconds.** What is issued in the second of a denial, but after it, is dated into the
/// next one by [#issuable]: see [Denial#kills], and [Reach] for the next denial in that second.
/// Clocks of others may differ by far more.
public final class DenySet {
  private final Map<Kind, ConcurrentHashMap<String, Denial>> denials = new EnumMap<>(Kind.class);
  private final Map<Denied, Instant> ahead = new ConcurrentHashMap<>();
  private final List<Consumer<List<Denial>>> listeners = new CopyOnWriteArrayList<>();

  private DenySet() {
    for (var kind : Kind.values()) {
      denials.put(kind, new ConcurrentHashMap<>());
    }
  }

  /// The deny set of a database.
  public static DenySet following(Database database) {
    var set = new DenySet();
    // First listen, then load: a denial may arrive twice, but none is missed.
    database.changes().followFirst(Denial.CHANGE, set.new Following());
    set.apply(database.read(DenySet::load));
    return set;
  }

  static List<Denial> load(Connection connection) throws SQLException {
    try (var query =
            connection.prepareStatement(
                "SELECT kind, value, before, forget_after, sequence FROM deny");
        var rows = query.executeQuery()) {
      var loaded = new ArrayList<Denial>();
      while (rows.next()) {
        loaded.add(
            new Denial(
                new Denied(Kind.valueOf(rows.getString(1)), rows.getString(2)),
                Instant.ofEpochMilli(rows.getLong(3)),
                Instant.ofEpochMilli(rows.getLong(4)),
                rows.getLong(5)));
      }
      return loaded;
    }
  }

  /// What names the stop in force of something that is denied until somebody lifts it: another one
  /// after it was lifted, and stopped again. Empty if it is not stopped. In a transaction of the
  /// caller's.
  public static Optional<Long> stop(Connection connection, Denied what) throws SQLException {
    return new Statements(connection)
        .first(
            "SELECT sequence FROM deny WHERE kind = ? AND value = ? AND before = ?",
            row -> row.getLong(1),
            what.kind().name(),
            what.value(),
            Denial.UNTIL_LIFTED);
  }

  /// Whether what was issued or begun then is dead because one of these is denied up to a date, as
  /// the record has it. What is denied until somebody lifts it counts from then on: before, nobody
  /// asks but whoever lifts it. In a transaction of the caller's.
  public static boolean isOver(Connection connection, Instant issuedAt, Collection<Denied> things)
      throws SQLException {
    var statements = new Statements(connection);
    for (var one : things) {
      var before =
          statements.first(
              "SELECT before FROM deny WHERE kind = ? AND value = ? AND before <> ?",
              row -> Instant.ofEpochMilli(row.getLong(1)),
              one.kind().name(),
              one.value(),
              Denial.UNTIL_LIFTED);
      if (before.filter(until -> IssuedAt.isKilledBy(issuedAt, until)).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private final class Following implements Follower {
    @Override
    public void follow(List<Change> changes, Reading record) {
      for (var change : changes) {
        var arrived = merged(Denial.of(change));
        listeners.forEach(listener -> listener.accept(arrived));
      }
    }

    /// Everything counts as news of one moment: nobody knows any more what came when. Of whatever
    /// kind the last change is, its number is above all that were known here.
    @Override
    public void reload(Reading record) {
      long head = record.read(DenySet::head);
      var all = record.read(DenySet::load).stream().map(one -> one.numbered(head)).toList();
      apply(all);
      if (!all.isEmpty()) {
        listeners.forEach(listener -> listener.accept(all));
      }
    }
  }

  private static long head(Connection connection) throws SQLException {
    return new Statements(connection)
        .first("SELECT COALESCE(MAX(seq), 0) FROM change", row -> row.getLong(1))
        .orElseThrow();
  }

  void apply(List<Denial> arrived) {
    var _ = merged(arrived);
  }

  /// Applies them.
  ///
  /// @return each as it is in force, if it is the newest about its thing
  private List<Denial> merged(List<Denial> arrived) {
    var merged = new ArrayList<Denial>();
    for (var denial : arrived) {
      var stands = of(denial.denied().kind()).merge(denial.denied().value(), denial, Denial::newer);
      merged.add(stands.sequence() == denial.sequence() ? stands : denial);
    }
    return merged;
  }

  /// Tells of everything that the feed brings, in its order, on its thread, once this set has it.
  /// For whoever enforces outside this process: subscribe first, then take [#all].
  public void onArrival(Consumer<List<Denial>> listener) {
    listeners.add(listener);
  }

  /// What of the origins of something makes it dead; empty if nothing does. That everything is
  /// denied is the answer only if nothing else is.
  public Optional<Denied> denial(Origins origins) {
    for (var denial : about(origins)) {
      if (denial.kills(origins.issuedAt)) {
        return Optional.of(denial.denied());
      }
    }
    return Optional.empty();
  }

  /// The `iat` for something that is issued now: now, or the next second if this one was denied.
  public Instant issuable(Origins origins, Instant now) {
    var at = now;
    for (var denial : about(origins)) {
      var earliest = denial.firstSecondAfter();
      // What is denied until it is lifted was refused before anybody asked for a date.
      if (earliest.isAfter(at) && !denial.isUntilLifted()) {
        at = earliest;
      }
    }
    if (at.isAfter(now)) {
      for (var one : origins.denials()) {
        ahead.merge(one, at, (former, later) -> later.isAfter(former) ? later : former);
      }
    }
    return at;
  }

  /// Whether this is denied until somebody lifts it.
  public boolean isUntilLifted(Denied what) {
    var denial = of(what.kind()).get(what.value());
    return denial != null && denial.isUntilLifted();
  }

  /// Whether everything is denied until somebody lifts it.
  public boolean isEverythingDenied() {
    var denial = get(Kind.ALL, Denied.all().value());
    return denial != null && denial.isUntilLifted();
  }

  /// What of this is stopped at one server.
  public Halt at(Issuer server) {
    return new Halt() {
      @Override
      public boolean everything() {
        return isEverythingDenied();
      }

      @Override
      public boolean client(ClientId id) {
        return !of(Kind.CLIENT).isEmpty() && isUntilLifted(Denied.client(server, id));
      }
    };
  }

  /// What of this is about the clients of one server.
  public ClientDenials ofClients(Issuer server) {
    return new ClientDenials() {
      @Override
      public Instant issuable(ClientId id, Instant now) {
        return DenySet.this.issuable(own(id, now), now);
      }

      @Override
      public boolean kill(ClientId id, Instant issuedAt) {
        return denial(own(id, issuedAt)).isPresent();
      }

      private Origins own(ClientId id, Instant issuedAt) {
        return Origins.accessToken("", issuedAt).client(server, id);
      }
    };
  }

  /// The first of these resources whose connector is denied until somebody lifts it.
  public Optional<ResourceIndicator> stopped(List<ResourceIndicator> resources) {
    return of(Kind.CONNECTOR).isEmpty()
        ? Optional.empty()
        : resources.stream().filter(one -> isUntilLifted(Denied.connector(one))).findFirst();
  }

  /// Every denial of the origins, without making anything where there is none.
  private List<Denial> about(Origins origins) {
    var found = List.<Denial>of();
    found = with(found, get(Kind.PERSON, origins.person));
    switch (origins.form) {
      case SIGN_IN -> {
        found = with(found, get(Kind.SIGN_IN, origins.person));
        found = with(found, get(Kind.SIGN_IN, origins.session));
      }
      case ASSERTION -> found = with(found, get(Kind.ASSERTION, origins.person));
      case ACCESS_TOKEN -> {}
    }
    found = with(found, get(Kind.SESSION, origins.session));
    found = with(found, get(Kind.GRANT, origins.grant));
    found = with(found, get(Kind.TOKEN, origins.token));
    found = with(found, client(origins));
    for (ResourceIndicator resource : origins.resources) {
      found = with(found, get(Kind.CONNECTOR, resource.value()));
    }
    found = with(found, get(Kind.ISSUER, origins.provider));
    found = with(found, get(Kind.ORGANISATION, origins.organisation));
    return with(found, get(Kind.ALL, Denied.all().value()));
  }

  private @Nullable Denial client(Origins origins) {
    if (origins.client.isEmpty()) {
      return null;
    }
    var server = origins.server.orElseThrow();
    // The key is made of two, so it is made only if there is anything to find.
    return of(Kind.CLIENT).isEmpty()
        ? null
        : get(Kind.CLIENT, Denied.clientKey(server, origins.client.orElseThrow()));
  }

  private @Nullable Denial get(Kind kind, Optional<String> value) {
    return value.isPresent() ? of(kind).get(value.get()) : null;
  }

  private @Nullable Denial get(Kind kind, String value) {
    return of(kind).get(value);
  }

  private static List<Denial> with(List<Denial> found, @Nullable Denial one) {
    if (one == null) {
      return found;
    }
    var more = new ArrayList<>(found);
    more.add(one);
    return more;
  }

  private ConcurrentHashMap<String, Denial> of(Kind kind) {
    return Optional.ofNullable(denials.get(kind)).orElseThrow();
  }

  /// Drops what no longer has anything to kill.
  public void forget(Instant now) {
    denials
        .values()
        .forEach(all -> all.values().removeIf(denial -> denial.forgetAfter().isBefore(now)));
    ahead.values().removeIf(now::isAfter);
  }

  /// Up to when the newest denial of these things reaches; [Instant#MIN] if there is none. What is
  /// denied until it is lifted has moved no date.
  Instant newest(Denied... things) {
    return Arrays.stream(things)
        .map(one -> get(one.kind(), one.value()))
        .flatMap(Stream::ofNullable)
        .filter(denial -> !denial.isUntilLifted())
        .map(Denial::before)
        .max(Instant::compareTo)
        .orElse(Instant.MIN);
  }

  /// The latest date that this node has given ahead of its time to something that dies with this;
  /// [Instant#MIN] if it has given none.
  Instant datedAhead(Denied what) {
    return ahead.getOrDefault(what, Instant.MIN);
  }

  /// Every denial, in no order.
  public List<Denial> all() {
    return denials.values().stream().flatMap(all -> all.values().stream()).toList();
  }

  /// How many denials there are.
  public int size() {
    return denials.values().stream().mapToInt(Map::size).sum();
  }
}
