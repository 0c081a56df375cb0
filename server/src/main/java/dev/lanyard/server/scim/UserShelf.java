package dev.lanyard.server.scim;

import dev.lanyard.server.directory.Position;
import dev.lanyard.server.directory.ProvisionedGroups;
import dev.lanyard.server.directory.ProvisionedGroups.Membership;
import dev.lanyard.server.directory.ProvisionedPeople;
import dev.lanyard.server.directory.ProvisionedPeople.Key;
import dev.lanyard.server.directory.ProvisionedPerson;
import dev.lanyard.server.scim.Value.Complex;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The people of a connection, to be listed.
record UserShelf(ProvisionedPeople people, ProvisionedGroups groups, UserMapping mapping)
    implements Listing.Shelf<ProvisionedPerson> {

  @Override
  public Optional<List<ProvisionedPerson>> candidates(Connection connection, Filter filter)
      throws SQLException {
    for (var conjunct : filter.conjuncts()) {
      var key = key(conjunct);
      if (key.isPresent()) {
        return Optional.of(people.find(connection, key.get()));
      }
    }
    return Optional.empty();
  }

  private static Optional<Key> key(Filter filter) {
    if (filter instanceof Filter.Among(var path, var inner) && isEmails(path)) {
      return inner.conjuncts().stream()
          .flatMap(one -> IndexedEquality.of(one).stream())
          .filter(equality -> equality.attribute().equals("value"))
          .findFirst()
          .map(equality -> new Key.Email(equality.value()));
    }
    return IndexedEquality.of(filter)
        .flatMap(equality ->
            switch (equality.attribute()) {
              case "id" -> Optional.of(new Key.Id(equality.value()));
              case "userName" -> Optional.of(new Key.UserName(equality.value()));
              case "externalId" -> Optional.of(new Key.ExternalId(equality.value()));
              case "emails.value" -> Optional.of(new Key.Email(equality.value()));
              default -> Optional.empty();
            });
  }

  private static boolean isEmails(AttributePath path) {
    return path.extension().isEmpty() && path.attribute().name().equals("emails");
  }

  @Override
  public List<ProvisionedPerson> after(Connection connection, Optional<Position> place, int limit)
      throws SQLException {
    return people.after(connection, place, limit);
  }

  @Override
  public List<ProvisionedPerson> page(Connection connection, int skip, int limit)
      throws SQLException {
    return people.page(connection, skip, limit);
  }

  @Override
  public int count(Connection connection) throws SQLException {
    return people.count(connection);
  }

  @Override
  public Position position(ProvisionedPerson one) {
    return new Position(one.revision().createdAt(), one.id().value());
  }

  @Override
  public List<Complex> resources(
      Connection connection, List<ProvisionedPerson> some, boolean complete) throws SQLException {
    var ids = some.stream().map(person -> person.id().value()).toList();
    var theirs =
        complete ? groups.membershipsOf(connection, ids) : Map.<String, List<Membership>>of();
    return some.stream()
        .map(
            person -> mapping.resource(person, theirs.getOrDefault(person.id().value(), List.of())))
        .toList();
  }

  @Override
  public String costly() {
    return "groups";
  }
}
