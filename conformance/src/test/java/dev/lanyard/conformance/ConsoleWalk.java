package dev.lanyard.conformance;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// Somebody's way through the console: by links, until every kind of page that they lead to has
/// been shown.
final class ConsoleWalk {
  private final ConsoleVisit visit;
  private final ConsolePages routes;
  private final TreeSet<String> kinds = new TreeSet<>();
  private final ArrayDeque<Place> open = new ArrayDeque<>();

  private ConsoleWalk(ConsoleVisit visit, ConsolePages routes) {
    this.visit = visit;
    this.routes = routes;
  }

  /// @param address of a page
  /// @param kind as the route table has it: `/people/{id}`; empty for none of it
  /// @param from the page whose link led here; empty for where the walk begins
  record Place(String address, Optional<String> kind, Optional<String> from) {}

  /// Looks at the page that is shown.
  interface Look {
    void at(Place place, int status) throws Exception;
  }

  /// Walks from these addresses and from the navigation.
  ///
  /// @return the kinds of pages that were shown
  static TreeSet<String> of(ConsoleVisit visit, ConsolePages routes, List<String> begin, Look look)
      throws Exception {
    return new ConsoleWalk(visit, routes).go(begin, look);
  }

  private TreeSet<String> go(List<String> begin, Look look) throws Exception {
    begin.forEach(address -> add(address, Optional.empty()));
    visit
        .navigation()
        .forEach(address -> {
          if (!begin.contains(address)) {
            add(address, Optional.of("the navigation"));
          }
        });
    for (var place = open.poll(); place != null; place = open.poll()) {
      int status = visit.load(place.address());
      var links = visit.links();
      look.at(place, status);
      for (var link : links) {
        if (routes.of(link).filter(kind -> !kinds.contains(kind)).isPresent()) {
          add(link, Optional.of(place.address()));
        }
      }
    }
    return kinds;
  }

  private void add(String address, Optional<String> from) {
    var kind = routes.of(address);
    kind.ifPresent(kinds::add);
    open.add(new Place(address, kind, from));
  }
}
