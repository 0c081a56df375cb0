package dev.lanyard.server.scim;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.ProvisionedGroup;
import dev.lanyard.server.directory.ProvisionedGroups;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.scim.Commits.Change;
import dev.lanyard.server.scim.Value.Complex;
import dev.lanyard.server.scim.Value.Items;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The groups of one connection. Names lead to roles, so a connection keeps only those that it may.
/// Thread-safe.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7644.html#section-3 RFC 7644 §3
final class Groups implements Resources {
  private static final Projection WITHOUT_MEMBERS =
      Projection.of(ResourceType.GROUP, List.of(), List.of("members"));

  private final ScimConnection connection;
  private final Database database;
  private final Commits commits;
  private final UserMapping mapping;
  private final ProvisionedGroups groups;
  private final Intake intake;

  Groups(
      ScimConnection connection,
      Database database,
      Directory directory,
      Commits commits,
      UserMapping mapping) {
    this.connection = connection;
    this.database = database;
    this.commits = commits;
    this.mapping = mapping;
    this.groups = directory.groupsOf(connection.source());
    this.intake = new Intake(ResourceType.GROUP, connection.compatibility());
  }

  @Override
  public Result read(String id, Call call) throws ScimRefusal {
    var found =
        database.read(c -> {
          var group = groups.find(c, new ProvisionedGroups.Key.Id(id)).stream().findFirst();
          return group.isPresent()
              ? Optional.of(new Seen(group.get(), resource(c, group.get(), call.projection())))
              : Optional.<Seen>empty();
        });
    var seen = found.orElseThrow(ScimRefusal::notFound);
    return call.hasSeen(connection, seen.group().revision().number())
        ? Result.of(304, seen.resource(), Projection.ALL).withoutBody(304)
        : Result.of(200, seen.resource(), call.projection());
  }

  private record Seen(ProvisionedGroup group, Complex resource) {}

  private Complex resource(Connection c, ProvisionedGroup group, Projection projection)
      throws SQLException {
    var members = projection.shows("members") ? groups.members(c, group.id()) : List.<String>of();
    return resource(mapping, group, members);
  }

  static Complex resource(UserMapping mapping, ProvisionedGroup group, List<String> members) {
    var listed = members.stream().<Value>map(id -> member(mapping, id)).toList();
    return Complex.EMPTY
        .with("schemas", Value.texts(List.of(Schema.GROUP.id())))
        .with("id", group.id())
        .with("externalId", group.externalId())
        .with("displayName", group.displayName())
        .with("members", new Items(listed))
        .with("meta", mapping.meta(ResourceType.GROUP, group.id(), group.revision()));
  }

  private static Complex member(UserMapping mapping, String id) {
    return Complex.EMPTY
        .with("value", id)
        .with("$ref", mapping.location(ResourceType.USER, id))
        .with("type", "User");
  }

  @Override
  public Result create(Complex body, Call call) throws ScimRefusal {
    var sent = intake.resource(body);
    var name = name(sent);
    return commits.commit(
        call,
        change -> {
          var c = change.connection();
          var id =
              groups
                  .insert(c, name, sent.text("externalId"))
                  .orElseThrow(() -> ScimRefusal.uniqueness("there is a group of this name"));
          var added = add(c, id, members(sent.complexes("members")));
          change.touched(added);
          change.record("scim.group.created", evidence(id, name, added, Set.of()));
          return answer(c, 201, id, call.projection());
        });
  }

  /// @throws ScimRefusal if there is none, or it is none that the connection may keep
  private String name(Complex group) throws ScimRefusal {
    var name =
        group
            .text("displayName")
            .filter(text -> !text.isBlank() && text.length() <= NewPerson.LONGEST)
            .orElseThrow(() ->
                ScimRefusal.invalidValue("'displayName' is missing, or longer than it may be"));
    if (!connection.mayKeepGroup(name)) {
      throw ScimRefusal.of(403, "this connection may not keep a group of this name");
    }
    return name;
  }

  /// @throws ScimRefusal if one is not a person
  static Set<String> members(Collection<Complex> sent) throws ScimRefusal {
    var ids = new HashSet<String>();
    for (var member : sent) {
      if (member.text("type").filter("Group"::equalsIgnoreCase).isPresent()) {
        throw ScimRefusal.invalidValue("a group has no groups in it here");
      }
      ids.add(
          member
              .text("value")
              .orElseThrow(() -> ScimRefusal.invalidValue("a member has no 'value'")));
    }
    return ids;
  }

  private Set<PersonId> add(Connection c, String group, Set<String> members)
      throws SQLException, ScimRefusal {
    if (groups.known(c, members).size() < members.size()) {
      throw ScimRefusal.invalidValue("a member is nobody whom this connection keeps");
    }
    return groups.add(c, group, members);
  }

  @Override
  public Result replace(String id, Complex body, Call call) throws ScimRefusal {
    if (connection.compatibility().isMinimal()) {
      throw ScimRefusal.of(501, "this profile changes groups by PATCH only");
    }
    var sent = intake.resource(body);
    var all = sent.get("members").isPresent() || !connection.compatibility().keepsWhatPutOmits();
    return changed(
        id,
        call,
        "scim.group.replaced",
        edit -> {
          edit.name = name(sent);
          edit.externalId = sent.text("externalId");
          if (all) {
            edit.replaceMembers(members(sent.complexes("members")));
          }
        });
  }

  /// Answered without a body, which may be large and which Entra does not expect (SCIM-8).
  @Override
  public Result patch(String id, PatchRequest request, Call call) throws ScimRefusal {
    var withoutMembers =
        new Call(
            call.correlationId(),
            WITHOUT_MEMBERS,
            call.ifMatch(),
            call.ifNoneMatch(),
            call.isInBulk());
    return changed(
            id,
            call.projection().equals(Projection.ALL) ? withoutMembers : call,
            "scim.group.patched",
            edit -> new GroupPatch(edit, intake, connection.compatibility()).apply(request))
        .emptyUnless(!call.projection().equals(Projection.ALL));
  }

  private interface Work {
    void apply(Edit edit) throws SQLException, ScimRefusal;
  }

  /// A group that is being changed, in a transaction that has locked it.
  final class Edit {
    private final Connection c;
    private final String id;
    private final Set<PersonId> came = new HashSet<>();
    private final Set<PersonId> went = new HashSet<>();
    private String name;
    private Optional<String> externalId;

    private Edit(Connection c, ProvisionedGroup group) {
      this.c = c;
      this.id = group.id();
      this.name = group.displayName();
      this.externalId = group.externalId();
    }

    void rename(Complex named) throws ScimRefusal {
      name = name(named);
    }

    void externalId(Optional<String> text) {
      externalId = text;
    }

    void addMembers(Set<String> members) throws SQLException, ScimRefusal {
      for (var added : add(c, id, members)) {
        if (!went.remove(added)) {
          came.add(added);
        }
      }
    }

    /// Whoever is not in it is out of it already (SCIM-O7).
    void removeMembers(Collection<String> members) throws SQLException {
      for (var removed : groups.remove(c, id, members)) {
        if (!came.remove(removed)) {
          went.add(removed);
        }
      }
    }

    void replaceMembers(Set<String> members) throws SQLException, ScimRefusal {
      var doomed = new HashSet<>(members());
      doomed.removeAll(members);
      removeMembers(doomed);
      addMembers(members);
    }

    List<String> members() throws SQLException {
      return groups.members(c, id);
    }
  }

  private Result changed(String id, Call call, String type, Work work) throws ScimRefusal {
    return commits.commit(
        call,
        change -> {
          var c = change.connection();
          var before = groups.lock(c, id).orElseThrow(ScimRefusal::notFound);
          call.requireVersion(connection, before.revision().number());
          var edit = new Edit(c, before);
          work.apply(edit);
          write(change, before, edit, type);
          return answer(c, 200, id, call.projection());
        });
  }

  private void write(Change change, ProvisionedGroup before, Edit edit, String type)
      throws SQLException, ScimRefusal {
    boolean renamed = !edit.name.equals(before.displayName());
    if (!renamed
        && edit.externalId.equals(before.externalId())
        && edit.came.isEmpty()
        && edit.went.isEmpty()) {
      return;
    }
    if (!groups.update(edit.c, edit.id, edit.name, edit.externalId)) {
      throw ScimRefusal.uniqueness("there is a group of this name");
    }
    var affected = new HashSet<>(edit.went);
    if (renamed) {
      // To policy it is another group: everybody in it has lost the old one.
      edit.members().forEach(member -> affected.add(new PersonId(member)));
    }
    change.happened(Happening.GROUPS_CHANGED, affected, "taken out of a group over SCIM");
    change.touched(affected);
    change.touched(edit.came);
    change.record(type, evidence(edit.id, edit.name, edit.came, edit.went));
  }

  @Override
  public Result delete(String id, Call call) throws ScimRefusal {
    return commits.commit(
        call,
        change -> {
          var c = change.connection();
          var group = groups.lock(c, id).orElseThrow(ScimRefusal::notFound);
          call.requireVersion(connection, group.revision().number());
          var went = new HashSet<PersonId>();
          groups.members(c, id).forEach(member -> went.add(new PersonId(member)));
          groups.delete(c, id);
          change.happened(Happening.GROUPS_CHANGED, went, "a group was deleted over SCIM");
          change.touched(went);
          change.record("scim.group.deleted", evidence(id, group.displayName(), Set.of(), went));
          return Result.empty(204);
        });
  }

  private Result answer(Connection c, int status, String id, Projection projection)
      throws SQLException {
    var group = groups.find(c, new ProvisionedGroups.Key.Id(id)).stream().findFirst().orElseThrow();
    return Result.of(status, resource(c, group, projection), projection);
  }

  private static JsonObject evidence(
      String id, String name, Set<PersonId> came, Set<PersonId> went) {
    return JsonObject.builder()
        .put("group", id)
        .put("name", name)
        .put("added", came.size())
        .put("removed", went.size())
        .build();
  }

  /// How groups are listed.
  Listing.Shelf<ProvisionedGroup> shelf() {
    return new GroupShelf(groups, mapping);
  }
}
