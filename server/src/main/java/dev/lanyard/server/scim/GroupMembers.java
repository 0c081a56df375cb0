package dev.lanyard.server.scim;

import dev.lanyard.server.directory.GroupNesting;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.ProvisionedGroups;
import dev.lanyard.server.scim.Value.Complex;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who is in a group of one connection: people, and groups with everybody in them.
final class GroupMembers {
  private final ProvisionedGroups groups;
  private final GroupNesting nesting;

  GroupMembers(ProvisionedGroups groups) {
    this.groups = groups;
    this.nesting = groups.nesting();
  }

  /// What a member is, as `type` says it.
  enum Kind {
    PERSON("User"),
    GROUP("Group");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /// @param id of a person or a group, which never have the same
  record Member(String id, Kind kind) {}

  /// Members as a provider sends them: by id, and by kind if it says so.
  ///
  /// @throws ScimRefusal if one has no id, or is neither a person nor a group
  static Map<String, Optional<Kind>> sent(Collection<Complex> values) throws ScimRefusal {
    var members = new HashMap<String, Optional<Kind>>();
    for (var value : values) {
      var id =
          value
              .text("value")
              .orElseThrow(() -> ScimRefusal.invalidValue("a member has no 'value'"));
      members.put(id, kind(value.text("type")));
    }
    return members;
  }

  private static Optional<Kind> kind(Optional<String> type) throws ScimRefusal {
    if (type.isEmpty() || type.get().isEmpty()) {
      return Optional.empty();
    }
    for (var kind : Kind.values()) {
      if (kind.title().equalsIgnoreCase(type.get())) {
        return Optional.of(kind);
      }
    }
    throw ScimRefusal.invalidValue("a member is a 'User' or a 'Group'");
  }

  List<Member> of(Connection c, String group) throws SQLException {
    var members = new ArrayList<Member>();
    groups.members(c, group).forEach(id -> members.add(new Member(id, Kind.PERSON)));
    nesting.inner(c, group).forEach(id -> members.add(new Member(id, Kind.GROUP)));
    return members;
  }

  /// Everybody in a group, however deep.
  Set<PersonId> everybody(Connection c, String group) throws SQLException {
    return nesting.people(c, Set.of(group));
  }

  void takeTurn(Connection c) throws SQLException {
    nesting.takeTurn(c);
  }

  /// What became of a group.
  ///
  /// @param people who are in it now and may not have been, or the other way round
  /// @param groups how many groups came or went
  record Changed(Set<PersonId> people, int groups) {}

  /// @throws ScimRefusal if one is nobody whom the connection keeps, or the group would be in
  ///   itself
  Changed add(Connection c, String group, Map<String, Optional<Kind>> members)
      throws SQLException, ScimRefusal {
    var people = groups.known(c, members.keySet());
    var others = new HashSet<>(members.keySet());
    others.removeAll(people);
    var inner = nesting.known(c, others);
    for (var member : members.entrySet()) {
      var kind =
          people.contains(member.getKey())
              ? Optional.of(Kind.PERSON)
              : inner.contains(member.getKey()) ? Optional.of(Kind.GROUP) : Optional.<Kind>empty();
      if (kind.isEmpty() || member.getValue().filter(said -> said != kind.get()).isPresent()) {
        throw ScimRefusal.invalidValue("a member is nobody whom this connection keeps");
      }
    }
    if (nesting.wouldBeCircle(c, group, inner)) {
      throw ScimRefusal.invalidValue("a group cannot be in itself, not through others either");
    }
    var came = new HashSet<>(groups.add(c, group, people));
    var added = nesting.add(c, group, inner);
    came.addAll(nesting.people(c, added));
    return new Changed(came, added.size());
  }

  /// Whoever is not in it is out of it already (SCIM-O7).
  Changed remove(Connection c, String group, Collection<String> members) throws SQLException {
    var went = new HashSet<>(groups.remove(c, group, members));
    var removed = nesting.remove(c, group, members);
    went.addAll(nesting.people(c, removed));
    return new Changed(went, removed.size());
  }
}
