package dev.lanyard.server.directory;

import dev.lanyard.protocol.oauth.Issuer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/// The people in memory, with what they are found by. One writer at a time; readers never wait, and
/// see of each person one state, the former or the new one.
final class People {
  private final Map<PersonId, Entry> byId = new ConcurrentHashMap<>();
  private final Map<Key, PersonId> byUserName = new ConcurrentHashMap<>();
  private final Map<Key, Set<PersonId>> byEmail = new ConcurrentHashMap<>();
  private final Map<ExternalSubject, PersonId> byLink = new ConcurrentHashMap<>();

  /// In which organisations an issuer means somebody, or ever did.
  private final Map<Issuer, Set<String>> linking = new ConcurrentHashMap<>();

  private final Map<Crowd, LongAdder> numbers = new ConcurrentHashMap<>();

  /// Those of an organisation who stand alike.
  private record Crowd(String organisation, Standing standing) {}

  private record Key(String organisation, String value) {
    static Key userName(Person person) {
      return new Key(person.organisation(), Keys.userName(person.userName()));
    }

    static Optional<Key> email(Person person) {
      return person.email().map(email -> new Key(person.organisation(), Keys.email(email)));
    }
  }

  Optional<Person> person(PersonId id) {
    return Optional.ofNullable(byId.get(id)).map(Entry::person);
  }

  List<Person> all() {
    return byId.values().stream()
        .map(Entry::person)
        .filter(person -> person.standing() != Standing.DELETED)
        .toList();
  }

  List<Person> meant(String named, Optional<String> organisation) {
    var theirs =
        all().stream()
            .filter(person -> organisation.map(person.organisation()::equals).orElse(true))
            .toList();
    var byId = theirs.stream().filter(person -> person.id().value().equals(named)).toList();
    return byId.isEmpty()
        ? theirs.stream().filter(person -> isCalled(person, named)).toList()
        : byId;
  }

  private static boolean isCalled(Person person, String named) {
    return Keys.userName(person.userName()).equals(Keys.userName(named))
        || person.email().map(Keys::email).filter(Keys.email(named)::equals).isPresent();
  }

  /// How many of an organisation stand so; nobody is looked at for it.
  long count(String organisation, Standing standing) {
    var number = numbers.get(new Crowd(organisation, standing));
    return number == null ? 0 : number.sum();
  }

  private void counted(Person person, int more) {
    numbers
        .computeIfAbsent(new Crowd(person.organisation(), person.standing()), _ -> new LongAdder())
        .add(more);
  }

  Optional<Set<String>> claimed(PersonId id) {
    return Optional.ofNullable(byId.get(id)).map(Entry::claimed);
  }

  Optional<Person> byUserName(String organisation, String userName) {
    var key = new Key(organisation, Keys.userName(userName));
    // Looked at again, because the index may be a moment ahead of or behind the person.
    return Optional.ofNullable(byUserName.get(key))
        .flatMap(this::person)
        .filter(person -> Key.userName(person).equals(key));
  }

  List<Person> byEmail(String organisation, String email) {
    var key = new Key(organisation, Keys.email(email));
    return byEmail.getOrDefault(key, Set.of()).stream()
        .flatMap(id -> person(id).stream())
        .filter(person -> Key.email(person).equals(Optional.of(key)))
        .toList();
  }

  Optional<Person> byLink(ExternalSubject subject) {
    return Optional.ofNullable(byLink.get(subject)).flatMap(this::person);
  }

  /// Whom an issuer means by this subject, in any organisation.
  Stream<PersonId> linked(Issuer issuer, String subject) {
    return linking.getOrDefault(issuer, Set.of()).stream()
        .map(organisation -> new ExternalSubject(organisation, issuer, subject))
        .flatMap(link -> Stream.ofNullable(byLink.get(link)));
  }

  /// Whom any issuer means by this subject.
  Stream<PersonId> bySubject(String subject) {
    return byLink.entrySet().stream()
        .filter(link -> link.getKey().subject().equals(subject))
        .map(Map.Entry::getValue);
  }

  Set<ExternalSubject> links(PersonId id) {
    return Optional.ofNullable(byId.get(id)).map(Entry::links).orElse(Set.of());
  }

  /// Makes an entry what the record says now.
  void put(Entry entry) {
    var id = entry.person().id();
    var previous = byId.put(id, entry);
    // First: whoever is found by a name is found by their links, and is not taken for another.
    entry.links().forEach(link -> putLink(link, id));
    byUserName.put(Key.userName(entry.person()), id);
    Key.email(entry.person()).ifPresent(key -> addEmail(key, id));
    counted(entry.person(), 1);
    if (previous != null) {
      counted(previous.person(), -1);
      forgetFormer(previous, entry);
    }
  }

  /// Makes somebody inactive who is known and not deleted.
  void switchOff(PersonId id) {
    var entry = byId.get(id);
    // There is one writer, so nobody replaces it in between.
    if (entry != null && entry.person().active()) {
      var off = new Entry(entry.person().switchedOff(), entry.claimed(), entry.links());
      byId.put(id, off);
      counted(off.person(), 1);
      counted(entry.person(), -1);
    }
  }

  private void forgetFormer(Entry previous, Entry entry) {
    var id = entry.person().id();
    if (!Key.userName(previous.person()).equals(Key.userName(entry.person()))) {
      byUserName.remove(Key.userName(previous.person()), id);
    }
    var formerEmail = Key.email(previous.person());
    if (formerEmail.isPresent() && !formerEmail.equals(Key.email(entry.person()))) {
      removeEmail(formerEmail.get(), id);
    }
    for (var link : previous.links()) {
      if (!entry.links().contains(link)) {
        byLink.remove(link, id);
      }
    }
  }

  private void putLink(ExternalSubject link, PersonId id) {
    byLink.put(link, id);
    linking
        .computeIfAbsent(link.issuer(), _ -> ConcurrentHashMap.newKeySet())
        .add(link.organisation());
  }

  private void addEmail(Key key, PersonId id) {
    byEmail.merge(key, Set.of(id), People::union);
  }

  private void removeEmail(Key key, PersonId id) {
    byEmail.computeIfPresent(
        key,
        (_, ids) -> {
          var rest = new HashSet<>(ids);
          rest.remove(id);
          return rest.isEmpty() ? null : Set.copyOf(rest);
        });
  }

  private static Set<PersonId> union(Set<PersonId> some, Set<PersonId> others) {
    var all = new HashSet<>(some);
    all.addAll(others);
    return Set.copyOf(all);
  }
}
