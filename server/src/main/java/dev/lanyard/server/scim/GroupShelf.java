package dev.lanyard.server.scim;

import dev.lanyard.server.directory.Position;
import dev.lanyard.server.directory.ProvisionedGroup;
import dev.lanyard.server.directory.ProvisionedGroups;
import dev.lanyard.server.directory.ProvisionedGroups.Key;
import dev.lanyard.server.scim.GroupMembers.Member;
import dev.lanyard.server.scim.Value.Complex;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The groups of a connection, to be listed.
record GroupShelf(ProvisionedGroups groups, GroupMembers members, UserMapping mapping)
    implements Listing.Shelf<ProvisionedGroup> {

  @Override
  public Optional<List<ProvisionedGroup>> candidates(Connection connection, Filter filter)
      throws SQLException {
    for (var conjunct : filter.conjuncts()) {
      var key = key(conjunct);
      if (key.isPresent()) {
        return Optional.of(groups.find(connection, key.get()));
      }
    }
    return Optional.empty();
  }

  private static Optional<Key> key(Filter filter) {
    if (filter instanceof Filter.Among(var path, var inner)
        && path.attribute().name().equals("members")) {
      return inner.conjuncts().stream()
          .flatMap(one -> IndexedEquality.of(one).stream())
          .filter(equality -> equality.attribute().equals("value"))
          .findFirst()
          .map(equality -> new Key.Member(equality.value()));
    }
    return IndexedEquality.of(filter)
        .flatMap(equality ->
            switch (equality.attribute()) {
              case "id" -> Optional.of(new Key.Id(equality.value()));
              case "displayName" -> Optional.of(new Key.DisplayName(equality.value()));
              case "externalId" -> Optional.of(new Key.ExternalId(equality.value()));
              case "members.value" -> Optional.of(new Key.Member(equality.value()));
              default -> Optional.empty();
            });
  }

  @Override
  public List<ProvisionedGroup> after(Connection connection, Optional<Position> place, int limit)
      throws SQLException {
    return groups.after(connection, place, limit);
  }

  @Override
  public List<ProvisionedGroup> page(Connection connection, int skip, int limit)
      throws SQLException {
    return groups.page(connection, skip, limit);
  }

  @Override
  public int count(Connection connection) throws SQLException {
    return groups.count(connection);
  }

  @Override
  public Position position(ProvisionedGroup one) {
    return new Position(one.revision().createdAt(), one.id());
  }

  @Override
  public List<Complex> resources(
      Connection connection, List<ProvisionedGroup> some, boolean complete) throws SQLException {
    var resources = new ArrayList<Complex>();
    for (var group : some) {
      var shown = complete ? members.of(connection, group.id()) : List.<Member>of();
      resources.add(Groups.resource(mapping, group, shown));
    }
    return resources;
  }

  @Override
  public String costly() {
    return "members";
  }
}
