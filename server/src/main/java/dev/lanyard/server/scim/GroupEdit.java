package dev.lanyard.server.scim;

import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.ProvisionedGroup;
import dev.lanyard.server.scim.GroupMembers.Changed;
import dev.lanyard.server.scim.GroupMembers.Kind;
import dev.lanyard.server.scim.GroupMembers.Member;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A group that is being changed, in a transaction that has locked it. For one thread.
final class GroupEdit {
  private final Connection c;
  private final ProvisionedGroup before;
  private final GroupMembers members;
  private final Set<PersonId> came = new HashSet<>();
  private final Set<PersonId> went = new HashSet<>();
  private int nested;
  private String name;
  private Optional<String> externalId;

  GroupEdit(Connection c, ProvisionedGroup before, GroupMembers members) {
    this.c = c;
    this.before = before;
    this.members = members;
    this.name = before.displayName();
    this.externalId = before.externalId();
  }

  /// @param allowed one that the connection may keep
  void rename(String allowed) {
    name = allowed;
  }

  void externalId(Optional<String> text) {
    externalId = text;
  }

  void addMembers(Map<String, Optional<Kind>> added) throws SQLException, ScimRefusal {
    came(members.add(c, before.id(), added));
  }

  private void came(Changed changed) {
    nested += changed.groups();
    for (var person : changed.people()) {
      if (!went.remove(person)) {
        came.add(person);
      }
    }
  }

  void removeMembers(Collection<String> removed) throws SQLException {
    var changed = members.remove(c, before.id(), removed);
    nested += changed.groups();
    for (var person : changed.people()) {
      if (!came.remove(person)) {
        went.add(person);
      }
    }
  }

  void replaceMembers(Map<String, Optional<Kind>> all) throws SQLException, ScimRefusal {
    var doomed = new HashSet<String>();
    members().forEach(member -> doomed.add(member.id()));
    doomed.removeAll(all.keySet());
    removeMembers(doomed);
    addMembers(all);
  }

  List<Member> members() throws SQLException {
    return members.of(c, before.id());
  }

  String name() {
    return name;
  }

  Optional<String> externalId() {
    return externalId;
  }

  boolean isRenamed() {
    return !name.equals(before.displayName());
  }

  boolean hasChanged() {
    return isRenamed()
        || nested > 0
        || !externalId.equals(before.externalId())
        || !came.isEmpty()
        || !went.isEmpty();
  }

  /// Who is in the group now and was not.
  Set<PersonId> came() {
    return Set.copyOf(came);
  }

  /// Who may have lost what the group gave.
  Set<PersonId> went() {
    return Set.copyOf(went);
  }

  /// Who may have lost what the group gave under its old name: to policy it is another group now.
  Set<PersonId> losers() throws SQLException {
    var losers = new HashSet<>(went);
    if (isRenamed()) {
      losers.addAll(members.everybody(c, before.id()));
    }
    return losers;
  }
}
