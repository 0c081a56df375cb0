package dev.lanyard.server.scim;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Position;
import dev.lanyard.server.scim.Value.Complex;
import dev.lanyard.server.scim.Value.Items;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Answers searches. What has an index is looked up; every other filter looks at everything that
/// the connection keeps, some hundreds at a time.
///
/// @param <T> what is listed
/// @spec https://www.rfc-editor.org/rfc/rfc7644.html#section-3.4.2 RFC 7644 §3.4.2
final class Listing<T> {
  static final int MOST = 1000;
  static final int USUAL = 100;
  private static final int AT_ONCE = 500;

  private final Database database;
  private final Shelf<T> shelf;
  private final Cursors cursors;

  Listing(Database database, Shelf<T> shelf, Cursors cursors) {
    this.database = database;
    this.shelf = shelf;
    this.cursors = cursors;
  }

  /// Where things are listed from, always in the same order.
  interface Shelf<T> {
    /// Everything that can match, by an index; empty if there is none for the filter.
    Optional<List<T>> candidates(Connection connection, Filter filter) throws SQLException;

    List<T> after(Connection connection, Optional<Position> place, int limit) throws SQLException;

    List<T> page(Connection connection, int skip, int limit) throws SQLException;

    int count(Connection connection) throws SQLException;

    Position position(T one);

    /// @param complete whether with what has to be looked up apart: a person's groups, a group's
    ///   members
    List<Complex> resources(Connection connection, List<T> some, boolean complete)
        throws SQLException;

    /// The attribute that has to be looked up apart.
    String costly();
  }

  /// @throws ScimRefusal `invalidCursor` or `expiredCursor`
  Complex answer(Search search) throws ScimRefusal {
    var from =
        search.cursor().isPresent()
            ? Optional.of(cursors.position(search))
            : Optional.<Position>empty();
    var found =
        database.read(
            c -> search.cursor().isPresent() ? behind(c, search, from) : numbered(c, search));
    var answer = new LinkedHashMap<String, Value>();
    answer.put(
        "schemas", Value.texts(List.of("urn:ietf:params:scim:api:messages:2.0:ListResponse")));
    found.total().ifPresent(total -> answer.put("totalResults", Value.number(total)));
    if (search.cursor().isEmpty()) {
      answer.put("startIndex", Value.number(search.startIndex()));
    }
    answer.put("itemsPerPage", Value.number(found.resources().size()));
    found
        .next()
        .ifPresent(
            place -> answer.put("nextCursor", new Value.Text(cursors.cursor(search, place))));
    // Also when there is none: a provider looks for the list (SCIM-4).
    var shown = found.resources().stream().<Value>map(search.projection()::of).toList();
    answer.put("Resources", new Items(shown));
    return new Complex(answer);
  }

  private record Found(Optional<Integer> total, List<Complex> resources, Optional<Position> next) {}

  private Found numbered(Connection c, Search search) throws SQLException {
    int skip = search.startIndex() - 1;
    if (search.filter().isEmpty()) {
      var page = search.count() == 0 ? List.<T>of() : shelf.page(c, skip, search.count());
      return new Found(Optional.of(shelf.count(c)), shown(c, page, search), Optional.empty());
    }
    var matches = matches(c, search.filter().get(), Optional.empty(), Integer.MAX_VALUE);
    var page = matches.stream().skip(skip).limit(search.count()).toList();
    return new Found(Optional.of(matches.size()), shown(c, page, search), Optional.empty());
  }

  private Found behind(Connection c, Search search, Optional<Position> from) throws SQLException {
    // One more than asked, to know whether there is a next page.
    int limit = search.count() + 1;
    var some =
        search.filter().isEmpty()
            ? shelf.after(c, from, limit)
            : matches(c, search.filter().get(), from, limit);
    var page = some.subList(0, Math.min(some.size(), search.count()));
    var next =
        some.size() > page.size() && !page.isEmpty()
            ? Optional.of(shelf.position(page.getLast()))
            : Optional.<Position>empty();
    // A filter would have to be asked of everything again for each page.
    var total = search.filter().isEmpty() ? Optional.of(shelf.count(c)) : Optional.<Integer>empty();
    return new Found(total, shown(c, page, search), next);
  }

  private List<Complex> shown(Connection c, List<T> page, Search search) throws SQLException {
    return shelf.resources(c, page, search.projection().shows(shelf.costly()));
  }

  private List<T> matches(Connection c, Filter filter, Optional<Position> from, int limit)
      throws SQLException {
    var candidates = shelf.candidates(c, filter);
    var matches = new ArrayList<T>();
    if (candidates.isPresent()) {
      var later =
          candidates.get().stream()
              .filter(one -> from.isEmpty() || isBehind(shelf.position(one), from.get()))
              .toList();
      addMatches(c, filter, later, matches);
      return matches.subList(0, Math.min(limit, matches.size()));
    }
    var place = from;
    while (matches.size() < limit) {
      var some = shelf.after(c, place, AT_ONCE);
      addMatches(c, filter, some, matches);
      if (some.size() < AT_ONCE) {
        break;
      }
      place = Optional.of(shelf.position(some.getLast()));
    }
    return matches.subList(0, Math.min(limit, matches.size()));
  }

  private static boolean isBehind(Position one, Position other) {
    int order = one.createdAt().compareTo(other.createdAt());
    return order > 0 || (order == 0 && one.id().compareTo(other.id()) > 0);
  }

  private void addMatches(Connection c, Filter filter, List<T> some, List<T> matches)
      throws SQLException {
    var resources = shelf.resources(c, some, filter.asksAbout(shelf.costly()));
    for (int i = 0; i < some.size(); i++) {
      if (filter.matches(resources.get(i))) {
        matches.add(some.get(i));
      }
    }
  }
}
