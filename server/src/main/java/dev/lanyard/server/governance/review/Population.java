package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.policy.WhosePeople;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Whose evidence a review holds.
public sealed interface Population {
  /// Whether somebody is counted in this review.
  ///
  /// @param person the id
  boolean has(String person);

  /// The same of somebody whom the role library names.
  ///
  /// @param name as an exception names people
  boolean hasNamed(String name);

  /// Whether it is everybody.
  default boolean isEverybody() {
    return this instanceof Everybody;
  }

  /// There is one identity provider, so its review is about everybody.
  record Everybody() implements Population {
    @Override
    public boolean has(String person) {
      return true;
    }

    @Override
    public boolean hasNamed(String name) {
      return true;
    }
  }

  /// Of several identity providers the people who come from one. Whoever comes from two is in the
  /// reviews of both, and of whom nobody knows from where is in every review: rather twice than
  /// nowhere.
  ///
  /// @param provider whose review it is
  /// @param providers the name spaces of all providers, as the directory has them, by name
  /// @param people whose people the role library means
  record Of(String provider, Map<String, Issuer> providers, Directory directory, WhosePeople people)
      implements Population, Evidence {
    public Of {
      providers = Map.copyOf(providers);
    }

    @Override
    public boolean has(String person) {
      return isCounted(from(new PersonId(person)));
    }

    private boolean isCounted(List<String> from) {
      return from.isEmpty() || from.contains(provider);
    }

    private List<String> from(PersonId person) {
      return providers.entrySet().stream()
          .filter(one -> directory.isLinkedTo(person, one.getValue()))
          .map(Map.Entry::getKey)
          .sorted()
          .toList();
    }

    @Override
    public boolean hasNamed(String name) {
      var named =
          directory.all().stream()
              .filter(one -> people.member(one).isAmong(List.of(name)))
              .toList();
      return named.isEmpty() || named.stream().anyMatch(one -> isCounted(from(one.id())));
    }

    /// Who is counted here, and where the others are.
    @Override
    public List<Item> of(Period period) {
      var counts = new TreeMap<String, Integer>();
      int here = 0;
      int both = 0;
      int unknown = 0;
      for (var one : directory.all().stream().filter(Person::active).toList()) {
        var from = from(one.id());
        if (from.isEmpty()) {
          unknown++;
        } else if (from.contains(provider)) {
          here++;
          both += from.size() > 1 ? 1 : 0;
        } else {
          from.forEach(other -> counts.merge(other, 1, Integer::sum));
        }
      }
      var lines = new ArrayList<String>();
      lines.add(
          "%d active people come from %s and are counted here, %d of them from another provider too"
              .formatted(here, provider, both));
      counts.forEach((other, count) ->
          lines.add(
              "%d come from %s and are counted in its review, not here".formatted(count, other)));
      lines.add(
          "%d come from no provider that is known (none has signed them in yet, they sign in here, or they are of another organisation): they are counted in every review"
              .formatted(unknown));
      var elsewhere = JsonObject.builder();
      counts.forEach(elsewhere::put);
      return List.of(
          new Item(
              "people:counted",
              "Who is counted here",
              lines,
              JsonObject.builder()
                  .put("here", here)
                  .put("of_them_from_another_too", both)
                  .put("elsewhere", elsewhere.build())
                  .put("in_every_review", unknown)
                  .build()));
    }
  }

  /// What is told of things that are about people of other providers only.
  ///
  /// @param count how many
  static Optional<String> elsewhere(long count) {
    return count == 0
        ? Optional.empty()
        : Optional.of(
            "%d more are about people who come from other providers: they are in their reviews"
                .formatted(count));
  }
}
