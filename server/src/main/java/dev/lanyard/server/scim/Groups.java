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
import dev.lanyard.server.scim.GroupMembers.Kind;
import dev.lanyard.server.scim.GroupMembers.Member;
import dev.lanyard.server.scim.Value.Complex;
import dev.lanyard.server.scim.Value.Items;
import java.sql.Connection;
import java.sql.SQLException;
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
  private final GroupMembers members;
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
    this.members = new GroupMembers(groups);
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
    var shown = projection.shows("members") ? members.of(c, group.id()) : List.<Member>of();
    return resource(mapping, group, shown);
  }

  static Complex resource(UserMapping mapping, ProvisionedGroup group, List<Member> members) {
    var listed = members.stream().<Value>map(member -> member(mapping, member)).toList();
    return Complex.EMPTY
        .with("schemas", Value.texts(List.of(Schema.GROUP.id())))
        .with("id", group.id())
        .with("externalId", group.externalId())
        .with("displayName", group.displayName())
        .with("members", new Items(listed))
        .with("meta", mapping.meta(ResourceType.GROUP, group.id(), group.revision()));
  }

  private static Complex member(UserMapping mapping, Member member) {
    var type = member.kind() == Kind.PERSON ? ResourceType.USER : ResourceType.GROUP;
    return Complex.EMPTY
        .with("value", member.id())
        .with("$ref", mapping.location(type, member.id()))
        .with("type", member.kind().title());
  }

  @Override
  public Result create(Complex body, Call call) throws ScimRefusal {
    var sent = intake.resource(body);
    var name = name(sent, Optional.empty());
    return commits.commit(
        call,
        change -> {
          var c = change.connection();
          members.takeTurn(c);
          var id =
              groups
                  .insert(c, name, sent.text("externalId"))
                  .orElseThrow(() -> ScimRefusal.uniqueness("there is a group of this name"));
          var added = members.add(c, id, GroupMembers.sent(sent.complexes("members"))).people();
          change.touched(added);
          change.record("scim.group.created", evidence(id, name, added, Set.of()));
          return answer(c, 201, id, call.projection());
        });
  }

  /// @param before as the group is called: who takes members out need not rename it
  /// @throws ScimRefusal if there is none, or it is none that the connection may keep
  private String name(Complex group, Optional<String> before) throws ScimRefusal {
    var name =
        group
            .text("displayName")
            .filter(text -> !text.isBlank() && text.length() <= NewPerson.LONGEST)
            .filter(text -> NewPerson.isShowable(text) || before.equals(Optional.of(text)))
            .orElseThrow(() ->
                ScimRefusal.invalidValue(
                    "'displayName' is missing, longer than it may be, or has control characters"));
    if (!connection.mayKeepGroup(name)) {
      throw ScimRefusal.of(403, "this connection may not keep a group of this name");
    }
    return name;
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
          edit.rename(name(sent, Optional.of(edit.name())));
          edit.externalId(sent.text("externalId"));
          if (all) {
            edit.replaceMembers(GroupMembers.sent(sent.complexes("members")));
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
            edit ->
                new GroupPatch(
                        edit, named -> name(named, Optional.of(edit.name())), intake, connection)
                    .apply(request))
        .emptyUnless(!call.projection().equals(Projection.ALL));
  }

  private interface Work {
    void apply(GroupEdit edit) throws SQLException, ScimRefusal;
  }

  private Result changed(String id, Call call, String type, Work work) throws ScimRefusal {
    return commits.commit(
        call,
        change -> {
          var c = change.connection();
          members.takeTurn(c);
          var before = groups.lock(c, id).orElseThrow(ScimRefusal::notFound);
          call.requireVersion(connection, before.revision().number());
          var edit = new GroupEdit(c, before, members);
          work.apply(edit);
          write(change, before, edit, type);
          return answer(c, 200, id, call.projection());
        });
  }

  private void write(Change change, ProvisionedGroup before, GroupEdit edit, String type)
      throws SQLException, ScimRefusal {
    if (!edit.hasChanged()) {
      return;
    }
    if (!groups.update(change.connection(), before.id(), edit.name(), edit.externalId())) {
      throw ScimRefusal.uniqueness("there is a group of this name");
    }
    var losers = edit.losers();
    change.happened(Happening.GROUPS_CHANGED, losers, "taken out of a group over SCIM");
    change.touched(losers);
    change.touched(edit.came());
    change.record(type, evidence(before.id(), edit.name(), edit.came(), edit.went()));
  }

  @Override
  public Result delete(String id, Call call) throws ScimRefusal {
    return commits.commit(
        call,
        change -> {
          var c = change.connection();
          members.takeTurn(c);
          var group = groups.lock(c, id).orElseThrow(ScimRefusal::notFound);
          call.requireVersion(connection, group.revision().number());
          var went = members.everybody(c, id);
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
    return new GroupShelf(groups, members, mapping);
  }
}
