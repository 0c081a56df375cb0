package dev.lanyard.server.governance.coverage;

import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PersonHistory;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.Standing;
import dev.lanyard.server.governance.coverage.Coverage.Category;
import dev.lanyard.server.governance.coverage.Coverage.Line;
import dev.lanyard.server.governance.coverage.UseLog.Use;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.Holdings;
import dev.lanyard.server.policy.Member;
import dev.lanyard.server.policy.PolicyLibrary;
import dev.lanyard.server.policy.WhosePeople;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Counts people, one by one, with a bit for each connector: a hundred thousand of them take a
/// moment. For one use.
final class Tally {
  private final Library library;
  private final Instant at;
  private final WhosePeople people;
  private final Holdings holdings;
  private final List<Connector> connectors;
  private final BitSet silent = new BitSet();
  private final List<String> categories;
  private final int[] categoryOf;
  private final Map<String, Integer> places = new HashMap<>();
  private final Map<String, List<Integer>> rolesOfGroup = new HashMap<>();

  private final int[] seats;
  private final int[] conditional;
  private final Counts ofRole;
  private final Counts ofCategory;
  private final Counts loudOfCategory;
  private int all;
  private int counted;
  private int served;
  private int whollySilent;

  /// @param people whose people the library meant
  /// @param isSilent of a connector, by its id
  Tally(Library library, Instant at, WhosePeople people, Predicate<String> isSilent) {
    this.library = library;
    this.at = at;
    this.people = people;
    this.holdings = PolicyLibrary.compile(library).holdings(at);
    this.connectors = holdings.connectors();
    this.seats = new int[connectors.size()];
    this.conditional = new int[connectors.size()];
    this.categories = connectors.stream().map(Connector::category).distinct().sorted().toList();
    this.categoryOf =
        connectors.stream().mapToInt(one -> categories.indexOf(one.category())).toArray();
    this.ofRole = new Counts(library.roles().size());
    this.ofCategory = new Counts(categories.size());
    this.loudOfCategory = new Counts(categories.size());
    for (int i = 0; i < connectors.size(); i++) {
      var connector = connectors.get(i);
      places.put(connector.id(), i);
      silent.set(i, isSilent.test(connector.id()));
    }
    for (int i = 0; i < library.roles().size(); i++) {
      for (var group : library.roles().get(i).groups()) {
        rolesOfGroup.computeIfAbsent(group, _ -> new ArrayList<>(1)).add(i);
      }
    }
  }

  /// How many people have each of some things; a person counts once, however often they are met.
  private static final class Counts {
    private final int[] counts;
    private final int[] last;

    Counts(int size) {
      this.counts = new int[size];
      this.last = new int[size];
    }

    /// @param person their number, from 1
    void add(int place, int person) {
      if (last[place] != person) {
        last[place] = person;
        counts[place]++;
      }
    }

    int of(int place) {
      return counts[place];
    }
  }

  /// Counts everybody who was active.
  ///
  /// @param directory asked who people are, if the library names any or not all count
  /// @param who only those, if given
  void add(PersonHistory history, Supplier<Directory> directory, Optional<Predicate<String>> who) {
    if (who.isEmpty() && !holdings.namesPeople()) {
      all =
          history.eachActive(
              at, (id, organisation, groups) -> add(people.member(id, organisation, groups)));
      return;
    }
    var known = directory.get();
    history
        .everybody(at)
        .forEach((id, past) -> {
          if (past.standing() == Standing.ACTIVE && who.map(one -> one.test(id)).orElse(true)) {
            all++;
            known
                .person(new PersonId(id))
                .ifPresent(person -> add(people.member(person, past.groups())));
          }
        });
  }

  private void add(Member member) {
    var held = holdings.of(member);
    counted++;
    for (var group : member.groups()) {
      var its = rolesOfGroup.get(group);
      if (its != null) {
        its.forEach(role -> ofRole.add(role, counted));
      }
    }
    if (held.connectors().isEmpty()) {
      return;
    }
    served++;
    count(held.connectors(), seats);
    count(held.onCondition(), conditional);
    boolean isSilent = true;
    for (int i = held.connectors().nextSetBit(0); i >= 0; i = held.connectors().nextSetBit(i + 1)) {
      ofCategory.add(categoryOf[i], counted);
      if (!silent.get(i)) {
        isSilent = false;
        loudOfCategory.add(categoryOf[i], counted);
      }
    }
    whollySilent += isSilent ? 1 : 0;
  }

  private static void count(BitSet bits, int[] counts) {
    for (int i = bits.nextSetBit(0); i >= 0; i = bits.nextSetBit(i + 1)) {
      counts[i]++;
    }
  }

  /// How many people have a connector.
  int seats(String connector) {
    return seats[places.getOrDefault(connector, 0)];
  }

  /// How many of them have it only if some condition is met.
  int conditional(String connector) {
    return conditional[places.getOrDefault(connector, 0)];
  }

  Coverage coverage(
      Optional<String> version, Optional<Instant> unknownBefore, List<Line> unordered) {
    var lines =
        unordered.stream()
            .sorted(Comparator.comparing(Line::category).thenComparing(Line::connector))
            .toList();
    return new Coverage(
        at,
        version,
        unknownBefore,
        new Coverage.People(all, served, whollySilent),
        categories.stream().map(name -> category(name, lines)).toList(),
        lines,
        roles());
  }

  private Category category(String name, List<Line> lines) {
    var its = lines.stream().filter(one -> one.category().equals(name)).toList();
    int place = categories.indexOf(name);
    int people = ofCategory.of(place);
    return new Category(
        name,
        Coverage.Buckets.of(its),
        its.stream().mapToLong(Line::seats).sum(),
        its.stream().filter(one -> !one.isGap()).mapToLong(Line::seats).sum(),
        people,
        people - loudOfCategory.of(place),
        its.stream().map(Line::use).reduce(Use.NONE, Use::plus));
  }

  private List<Coverage.Role> roles() {
    var roles = new ArrayList<Coverage.Role>();
    for (int i = 0; i < library.roles().size(); i++) {
      var role = library.roles().get(i);
      roles.add(
          new Coverage.Role(
              role.name(),
              ofRole.of(i),
              role.connectors().size(),
              role.connectors().keySet().stream()
                  .filter(id -> !silent.get(places.getOrDefault(id, 0)))
                  .sorted()
                  .toList()));
    }
    return roles;
  }
}
