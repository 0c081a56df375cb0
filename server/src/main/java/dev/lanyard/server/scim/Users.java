package dev.lanyard.server.scim;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.Profile;
import dev.lanyard.server.directory.ProvisionedGroups;
import dev.lanyard.server.directory.ProvisionedPeople;
import dev.lanyard.server.directory.ProvisionedPerson;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.scim.Commits.Change;
import dev.lanyard.server.scim.GivenNames.Taking;
import dev.lanyard.server.scim.Value.Complex;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The people of one connection. Thread-safe.
///
/// `active` is what the connection says. Whether somebody may do anything is the directory's: an
/// administrator who disables a person here is not overruled by a provider that goes on saying what
/// it said before, only by one that says something new.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7644.html#section-3 RFC 7644 §3
final class Users implements Resources {
  private final ScimConnection connection;
  private final Database database;
  private final Directory directory;
  private final Commits commits;
  private final UserMapping mapping;
  private final ProvisionedPeople people;
  private final ProvisionedGroups groups;
  private final Intake intake;
  private final Patch patch;
  private final Subjects subjects;
  private final GivenNames names;
  private final Arrivals arrivals;

  Users(
      ScimConnection connection,
      Database database,
      Directory directory,
      Commits commits,
      UserMapping mapping) {
    this.connection = connection;
    this.database = database;
    this.directory = directory;
    this.commits = commits;
    this.mapping = mapping;
    this.people = directory.peopleOf(connection.source());
    this.groups = directory.groupsOf(connection.source());
    this.intake = new Intake(ResourceType.USER, connection.compatibility());
    this.patch = new Patch(ResourceType.USER, connection.compatibility());
    this.subjects = new Subjects(connection, directory);
    this.names = new GivenNames(connection, directory);
    this.arrivals = new Arrivals(connection, directory, subjects, names);
  }

  @Override
  public Result read(String id, Call call) throws ScimRefusal {
    var found =
        database.read(c -> {
          var person = people.find(c, new ProvisionedPeople.Key.Id(id)).stream().findFirst();
          return person.isPresent()
              ? Optional.of(new Seen(person.get(), resource(c, person.get())))
              : Optional.<Seen>empty();
        });
    var seen = found.orElseThrow(ScimRefusal::notFound);
    return call.hasSeen(connection, seen.person().revision().number())
        ? Result.of(304, seen.resource(), Projection.ALL).withoutBody(304)
        : Result.of(200, seen.resource(), call.projection());
  }

  private record Seen(ProvisionedPerson person, Complex resource) {}

  private Complex resource(Connection c, ProvisionedPerson person) throws SQLException {
    var id = person.id().value();
    var theirs = groups.membershipsOf(c, Set.of(id)).getOrDefault(id, List.of());
    return mapping.resource(person, theirs);
  }

  @Override
  public Result create(Complex body, Call call) throws ScimRefusal {
    return commits.alone(call, creation(body, call));
  }

  /// The step that creates somebody, to be done alone or together with others.
  Commits.Step creation(Complex body, Call call) throws ScimRefusal {
    var sent = intake.resource(body);
    var profile = mapping.profile(sent);
    boolean active = sent.flag("active").orElse(true);
    return Commits.Step.about(change -> {
      var arrival = arrivals.begin(change, new Arrivals.Said(profile, active));
      return () -> answer(change, 201, arrival.end(), 1, call);
    });
  }

  @Override
  public Result replace(String id, Complex body, Call call) throws ScimRefusal {
    return commits.alone(call, replacement(id, body, call));
  }

  Commits.Step replacement(String id, Complex body, Call call) throws ScimRefusal {
    if (connection.compatibility().isMinimal()) {
      throw ScimRefusal.of(501, "this profile changes people by PATCH only");
    }
    var sent = intake.resource(body);
    return changing(
        id,
        call,
        "scim.user.replaced",
        current -> {
          var kept = connection.compatibility().keepsWhatPutOmits() ? current : Complex.EMPTY;
          // Who says nothing of it neither switches a person off nor on.
          return kept.over(sent).with("active", sent.flag("active").orElse(isActive(current)));
        });
  }

  private static boolean isActive(Complex user) {
    return user.flag("active").equals(Optional.of(true));
  }

  @Override
  public Result patch(String id, PatchRequest request, Call call) throws ScimRefusal {
    return commits.alone(call, patching(id, request, call));
  }

  Commits.Step patching(String id, PatchRequest request, Call call) throws ScimRefusal {
    return changing(id, call, "scim.user.patched", current -> patch.apply(request, current));
  }

  private interface Edit {
    Complex apply(Complex current) throws ScimRefusal;
  }

  private Commits.Step changing(String id, Call call, String type, Edit edit) throws ScimRefusal {
    var person = person(id);
    return Commits.Step.about(
        person,
        change -> {
          var before = change.locked(person).orElseThrow(ScimRefusal::notFound);
          call.requireVersion(connection, before.revision().number());
          var current = UserMapping.writable(before);
          var next = edit.apply(current);
          if (next.equals(current) && isActive(next) == standing(before.id())) {
            return () -> answer(change, 200, before.id(), before.revision().number(), call);
          }
          var left = subjects.left(before.profile().externalId(), next.text("externalId"));
          boolean activeOnly = next.without("active").equals(current.without("active"));
          var written = new Written(before, next, activeOnly, left);
          var from = renaming(change, written);
          boolean told = told(change, written);
          return () -> {
            if (from.isPresent()) {
              names.end(change, from.get());
            }
            write(change, written);
            if (!told || !activeOnly) {
              change.touched(Set.of(before.id()));
            }
            change.record(type, before.id(), evidence(isActive(next)));
            return answer(change, 200, before.id(), before.revision().number() + 1, call);
          };
        });
  }

  /// Whether `revocation` hears of it.
  private boolean told(Change change, Written written) throws ScimRefusal {
    boolean switches = switched(change, written.before(), isActive(written.next()));
    if (written.left().isPresent()) {
      // What was issued may be in the hands of whoever the old subject is.
      change.happens(
          Happening.SESSIONS_REVOKED,
          Set.of(written.before().id()),
          "is another subject of the issuer over SCIM");
    }
    boolean renamed = !switches && isKnownOtherwise(written.before().profile(), profile(written));
    if (renamed) {
      change.happens(
          Happening.CLAIMS_CHANGED,
          Set.of(written.before().id()),
          "has another name or address over SCIM");
    }
    return switches || renamed || written.left().isPresent();
  }

  /// From whom a new name is to be taken.
  private Optional<Taking> renaming(Change change, Written written)
      throws SQLException, ScimRefusal {
    var before = written.before();
    var next = profile(written).userName();
    return next.equals(before.profile().userName())
        ? Optional.empty()
        : names.begin(change, next, Optional.of(before.id()));
  }

  /// Whether policy may decide otherwise about what a person is called.
  private static boolean isKnownOtherwise(Profile before, Profile after) {
    return !before.userName().equals(after.userName()) || !before.email().equals(after.email());
  }

  /// @param activeOnly whether nothing is new but what is said of `active`
  /// @param left the subject that the person is no longer
  private record Written(
      ProvisionedPerson before, Complex next, boolean activeOnly, Optional<ExternalSubject> left) {}

  private Profile profile(Written written) throws ScimRefusal {
    return mapping.profile(written.next(), written.before().profile());
  }

  private void write(Change change, Written written) throws SQLException, ScimRefusal {
    var c = change.connection();
    var id = written.before().id();
    boolean active = isActive(written.next());
    if (written.activeOnly()) {
      change.says(id, active);
      return;
    }
    var profile = profile(written);
    if (!people.update(c, id, profile, active)) {
      throw ScimRefusal.nameTaken();
    }
    if (written.left().isPresent()) {
      subjects.unlink(c, id, written.left().get());
    }
    if (!profile.externalId().equals(written.before().profile().externalId())) {
      subjects.link(c, id, profile);
    }
  }

  private static PersonId person(String id) throws ScimRefusal {
    return PersonId.parse(id).orElseThrow(ScimRefusal::notFound);
  }

  /// Whether the person may do anything here, whatever the connection says.
  private boolean standing(PersonId id) {
    return directory.person(id).filter(person -> person.active()).isPresent();
  }

  /// Off is off, also when the connection has said so before and somebody has let the person in
  /// again. On is only what was off by the connection's own word.
  ///
  /// @return whether the person is switched
  private boolean switched(Change change, ProvisionedPerson before, boolean active) {
    var id = Set.of(before.id());
    if (!active && (before.active() || standing(before.id()))) {
      change.happens(Happening.DISABLED, id, "set inactive over SCIM");
      return true;
    }
    if (active && !before.active()) {
      change.happens(Happening.ENABLED, id, "set active over SCIM");
      return true;
    }
    return false;
  }

  /// The person is dead, erased and free to be created anew, as somebody else (DPR-2, SCIM-10).
  @Override
  public Result delete(String id, Call call) throws ScimRefusal {
    return commits.alone(call, deletion(id, call));
  }

  Commits.Step deletion(String id, Call call) throws ScimRefusal {
    var who = person(id);
    return Commits.Step.about(
        who,
        change -> {
          var c = change.connection();
          var person = change.locked(who).orElseThrow(ScimRefusal::notFound);
          call.requireVersion(connection, person.revision().number());
          change.happens(Happening.DELETED, Set.of(person.id()), "deleted over SCIM");
          return () -> {
            directory.erase(c, person.id());
            change.record("scim.user.deleted", person.id(), JsonObject.EMPTY);
            return Result.empty(204);
          };
        });
  }

  /// Does several at once, each about somebody else: all of them or, if one is refused, none.
  List<Result> together(List<Commits.Step> steps, Call call) throws ScimRefusal {
    return commits.together(call, steps);
  }

  /// @param version that the person has now
  private Result answer(Change change, int status, PersonId id, long version, Call call)
      throws SQLException {
    if (call.isInBulk()) {
      return mapping.place(status, id, version);
    }
    change.writeWhatWasSaid();
    var c = change.connection();
    var person =
        people.find(c, new ProvisionedPeople.Key.Id(id.value())).stream().findFirst().orElseThrow();
    return Result.of(status, resource(c, person), call.projection());
  }

  private static JsonObject evidence(boolean active) {
    return JsonObject.builder().put("active", active).build();
  }

  /// How people are listed.
  Listing.Shelf<ProvisionedPerson> shelf() {
    return new UserShelf(people, groups, mapping);
  }
}
