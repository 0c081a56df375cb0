package dev.lanyard.server.publication.plan;

import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.publication.plan.Comparison.Difference;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Draws up plans from the people and the record of an installation. Changes nothing.
public final class Planner {
  private static final int PEOPLE_A_LINE = 20_000;
  private static final int EXCHANGES_A_LINE = 100_000;

  private final Directory directory;
  private final AuditLog audit;
  private final Collection<Client> clients;
  private final Losses losses;
  private final Consumer<String> progress;
  private final InstantSource clock;

  /// @param clients those registered at the broker
  /// @param progress is told now and then how far it is
  public Planner(
      Directory directory,
      AuditLog audit,
      Collection<Client> clients,
      Losses losses,
      Consumer<String> progress,
      InstantSource clock) {
    this.directory = directory;
    this.audit = audit;
    this.clients = clients;
    this.losses = losses;
    this.progress = progress;
    this.clock = clock;
  }

  /// What would change if one library followed another.
  ///
  /// @param window how far back recorded exchanges are replayed
  public Plan plan(Library base, Library version, Duration window) {
    var people = directory.all();
    var sorts = Clients.of(clients.stream().map(Client::id).toList(), base, version);
    var comparison = losses.comparison(base, version, sorts);
    var changed = changed(comparison, people);
    var replay =
        replayed(
            new Replay(comparison, sorts, losses.redeemed(base, sorts), directory::person),
            Replay.types(isToolLost(changed.values())),
            window);
    var changedAgents = comparison.ofAgents();
    var loss = losses.lost(changed, changedAgents, version);
    return Plan.of(
        new Plan.Scene(base.version(), version.version(), people.size(), window, clock.instant()),
        changed,
        changedAgents,
        replay,
        new Plan.Tokens(loss.grants().size(), loss.peopleOfGrants().size()),
        sorts);
  }

  private Map<Person, Difference> changed(Comparison comparison, Collection<Person> people) {
    var changed = new LinkedHashMap<Person, Difference>();
    int seen = 0;
    for (var person : people) {
      var difference = comparison.of(person);
      if (!difference.isNone()) {
        changed.put(person, difference);
      }
      if (++seen % PEOPLE_A_LINE == 0) {
        progress.accept("%,d of %,d people compared".formatted(seen, people.size()));
      }
    }
    return changed;
  }

  /// Of calls there are far more than of everything else: they are read where they tell something.
  private static boolean isToolLost(Collection<Difference> differences) {
    return differences.stream()
        .flatMap(difference -> difference.lost().stream())
        .anyMatch(access -> access.kind() == Access.Kind.TOOL);
  }

  private Replay replayed(Replay replay, Set<String> types, Duration window) {
    if (window.isZero()) {
      return replay;
    }
    var seen = new long[1];
    audit.each(
        types,
        clock.instant().minus(window),
        record -> {
          replay.add(record.event());
          if (++seen[0] % EXCHANGES_A_LINE == 0) {
            progress.accept("%,d exchanges and redemptions replayed".formatted(seen[0]));
          }
        });
    return replay;
  }
}
