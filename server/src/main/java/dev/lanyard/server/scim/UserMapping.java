package dev.lanyard.server.scim;

import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.Profile;
import dev.lanyard.server.directory.ProvisionedGroups.Membership;
import dev.lanyard.server.directory.ProvisionedPerson;
import dev.lanyard.server.directory.Revision;
import dev.lanyard.server.scim.Value.Complex;
import dev.lanyard.server.scim.Value.Items;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A person of the directory as a SCIM resource, and back.
final class UserMapping {
  private final String base;
  private final boolean tagged;
  private final ScimConnection connection;

  /// @param base the URL below which SCIM is served
  UserMapping(String base, ScimConnection connection) {
    this.base = base;
    this.tagged = !connection.compatibility().isMinimal();
    this.connection = connection;
  }

  /// What the provider may change: what it has said so far.
  static Complex writable(ProvisionedPerson person) {
    return ScimJson.readOwn(person.profile().attributes())
        .with("userName", person.profile().userName())
        .with("externalId", person.profile().externalId())
        .with("active", person.active());
  }

  Complex resource(ProvisionedPerson person, List<Membership> groups) {
    var said = writable(person);
    var extended = said.get(Schema.ENTERPRISE.id()).isPresent();
    var schemas =
        extended ? List.of(Schema.USER.id(), Schema.ENTERPRISE.id()) : List.of(Schema.USER.id());
    return Complex.EMPTY
        .with("schemas", Value.texts(schemas))
        .with("id", person.id().value())
        .over(said)
        .with("groups", new Items(groups.stream().<Value>map(this::group).toList()))
        .with("meta", meta(ResourceType.USER, person.id().value(), person.revision()));
  }

  private Complex group(Membership membership) {
    var group = membership.group();
    return Complex.EMPTY
        .with("value", group.id())
        .with("$ref", location(ResourceType.GROUP, group.id()))
        .with("display", group.displayName())
        .with("type", membership.direct() ? "direct" : "indirect");
  }

  Complex meta(ResourceType type, String id, Revision revision) {
    var meta =
        Complex.EMPTY
            .with("resourceType", type.title())
            .with("created", revision.createdAt().toString())
            .with("lastModified", revision.modifiedAt().toString())
            .with("location", location(type, id));
    return tagged ? meta.with("version", Call.tag(revision.number())) : meta;
  }

  /// Where a person is and in which version, without reading them again.
  Result place(int status, PersonId id, long version) {
    return new Result(
        status,
        Optional.empty(),
        Optional.of(location(ResourceType.USER, id.value())),
        tagged ? Optional.of(Call.tag(version)) : Optional.empty());
  }

  String location(ResourceType type, String id) {
    return base + type.endpoint() + "/" + id;
  }

  /// @param user what the provider says of a person, as [Intake] has taken it
  /// @throws ScimRefusal `invalidValue` if it says nothing to know them by, or what they may not be
  ///   called
  Profile profile(Complex user) throws ScimRefusal {
    var profile = read(user);
    requireShowable(names(profile).stream());
    requireOwn(profile.userName());
    return profile;
  }

  private void requireOwn(String userName) throws ScimRefusal {
    if (!connection.mayCall(userName)) {
      throw ScimRefusal.invalidValue(
          "'userName' is an address of a domain that is not among this connection's");
    }
  }

  /// The same of somebody who is there: what they are called already is taken, or nobody could be
  /// switched off who has been called so before such names were refused.
  Profile profile(Complex user, Profile before) throws ScimRefusal {
    var profile = read(user);
    var known = names(before);
    requireShowable(names(profile).stream().filter(name -> !known.contains(name)));
    if (!profile.userName().equals(before.userName())) {
      requireOwn(profile.userName());
    }
    return profile;
  }

  private static Set<String> names(Profile profile) {
    var names = new HashSet<>(Set.of(profile.userName()));
    names.add(profile.displayName());
    profile.email().ifPresent(names::add);
    return names;
  }

  private static void requireShowable(Stream<String> names) throws ScimRefusal {
    if (!names.allMatch(NewPerson::isShowable)) {
      throw ScimRefusal.invalidValue("a name or an address has control characters in it");
    }
  }

  private Profile read(Complex user) throws ScimRefusal {
    var userName = user.text("userName").filter(name -> !name.isBlank());
    if (userName.isEmpty()) {
      throw ScimRefusal.invalidValue("'userName' is missing");
    }
    var emails = new HashSet<String>();
    user.complexes("emails").forEach(email -> email.text("value").ifPresent(emails::add));
    var profile =
        new Profile(
            userName.get(),
            user.text("externalId"),
            displayName(user).orElse(userName.get()),
            email(user),
            emails,
            ScimJson.writeText(user.without("userName").without("externalId").without("active")));
    requireLengths(profile);
    return profile;
  }

  private static void requireLengths(Profile profile) throws ScimRefusal {
    if (profile.userName().length() > NewPerson.LONGEST
        || profile.email().map(String::length).orElse(0) > NewPerson.LONGEST) {
      throw ScimRefusal.invalidValue(
          "a user name or an address is longer than " + NewPerson.LONGEST + " characters");
    }
  }

  /// What people read when they see the person.
  private static Optional<String> displayName(Complex user) {
    var name = user.get("name").map(Complex.class::cast).orElse(Complex.EMPTY);
    var both = List.of(name.text("givenName").orElse(""), name.text("familyName").orElse(""));
    return user.text("displayName")
        .or(() -> name.text("formatted"))
        .or(() -> Optional.of(String.join(" ", both)))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  /// The address by which the person is known, of those that this connection hands out: the primary
  /// one, else the one at work, else the first. The others are kept as they were said.
  private Optional<String> email(Complex user) {
    var emails =
        user.complexes("emails").stream()
            .filter(one -> one.text("value").filter(connection::mayName).isPresent())
            .toList();
    return emails.stream()
        .filter(Intake::isPrimary)
        .findFirst()
        .or(() ->
            emails.stream().filter(one -> one.text("type").equals(Optional.of("work"))).findFirst())
        .or(() -> emails.stream().findFirst())
        .flatMap(one -> one.text("value"));
  }
}
