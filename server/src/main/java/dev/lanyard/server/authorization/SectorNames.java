package dev.lanyard.server.authorization;

import dev.lanyard.server.directory.OwnBroker;
import dev.lanyard.server.directory.PersonId;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// What people are called at resource authorization servers: by their id, or by their name in a
/// sector.
///
/// @param pairwise asked only where there are sectors
/// @param sectors of all servers that know people by pairwise names
public record SectorNames(Supplier<PairwiseNames> pairwise, Set<String> sectors)
    implements OwnBroker.Names {
  public SectorNames {
    sectors = Set.copyOf(sectors);
  }

  @Override
  public Optional<String> idOf(String subject) {
    return sectors.stream()
        .flatMap(sector -> pairwise.get().personOf(sector, subject).stream())
        .findFirst()
        .or(() -> Optional.of(subject));
  }

  @Override
  public Set<String> of(PersonId person) {
    var names = new LinkedHashSet<String>();
    names.add(person.value());
    sectors.forEach(sector -> names.add(pairwise.get().person(sector, person)));
    return names;
  }
}
