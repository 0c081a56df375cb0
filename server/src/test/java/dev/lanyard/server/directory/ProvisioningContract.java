package dev.lanyard.server.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.Appended;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.SqlFunction;
import dev.lanyard.server.database.Statements;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What [ProvisionedPeople] and [ProvisionedGroups] promise, on whichever database.
abstract class ProvisioningContract {
  private static final Source OKTA = new Source("acme", "okta");
  private static final Source ENTRA = new Source("acme", "entra");
  private static final ExternalSubject SUBJECT =
      new ExternalSubject("acme", new Issuer("https://idp.example"), "00u1");

  private final DatabaseConfig config;
  private Database database;
  private Directory directory;
  private ProvisionedPeople people;
  private ProvisionedGroups groups;

  ProvisioningContract(DatabaseConfig config) {
    this.config = config;
  }

  @BeforeEach
  void open() {
    database = Database.open(config, DirectoryContract.CLOCK);
    directory = Directory.open(database, DirectoryContract.CLOCK);
    people = directory.peopleOf(OKTA);
    groups = directory.groupsOf(OKTA);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void putGroups(PersonId id, Set<String> claimed) {
    assertThat(database.<Boolean>write(c -> directory.putGroups(c, id, claimed, Optional.empty())))
        .isTrue();
    directory.refresh(Set.of(id));
  }

  static Profile profile(String userName) {
    var email = userName + "@acme.example";
    return new Profile(
        userName,
        Optional.of("ext-" + userName),
        userName,
        Optional.of(email),
        Set.of(email, userName + "@home.example"),
        "{\"title\":\"Engineer\"}");
  }

  /// Does it and waits until this node answers by it.
  private void done(SqlFunction<Optional<Appended>> work) {
    database
        .write(work)
        .ifPresent(change -> database.changes().awaitApplied(change, Duration.ofSeconds(10)));
  }

  private PersonId created(String userName) {
    var id = database.write(c -> people.insert(c, profile(userName), true)).orElseThrow();
    done(c -> people.announce(c, Set.of(id)));
    return id;
  }

  @Test
  void somebody_is_found_by_what_a_source_calls_them_exactly() {
    var zoe = created("zoe-called");
    assertThat(directory.calledOutside("ext-zoe-called")).containsExactly(zoe);
    assertThat(directory.calledOutside("ext-zoe")).isEmpty();
  }

  private String group(String name, PersonId... members) {
    var ids = Set.of(members);
    var group = database.write(c -> groups.insert(c, name, Optional.empty())).orElseThrow();
    done(c -> {
      groups.add(c, group, ids.stream().map(PersonId::value).toList());
      return people.announce(c, ids);
    });
    return group;
  }

  private List<ProvisionedPerson> found(ProvisionedPeople.Key key) {
    return database.read(c -> people.find(c, key));
  }

  private <T> List<T> listed(SqlFunction<List<T>> work) {
    return database.read(work);
  }

  private int number(SqlFunction<Integer> work) {
    return database.read(work);
  }

  private boolean did(SqlFunction<Boolean> work) {
    return database.write(work);
  }

  private Object written(SqlFunction<Object> work) {
    return database.write(work);
  }

  @Test
  void is_found_by_every_key_and_in_the_directory() {
    var alice = created("alice");
    created("bob");
    for (var key :
        List.of(
            new ProvisionedPeople.Key.Id(alice.value()),
            new ProvisionedPeople.Key.UserName("ALICE"),
            new ProvisionedPeople.Key.ExternalId("ext-alice"),
            new ProvisionedPeople.Key.Email("Alice@HOME.example"))) {
      assertThat(found(key)).as("%s", key).extracting(ProvisionedPerson::id).containsExactly(alice);
    }
    assertThat(directory.findByUserName("acme", "alice").map(Person::id)).contains(alice);
    assertThat(found(new ProvisionedPeople.Key.ExternalId("EXT-alice"))).isEmpty();
  }

  @Test
  void SCIM_16_does_not_exist_for_another_source_or_organisation() {
    var alice = created("alice");
    var team = group("team", alice);
    for (var other : List.of(ENTRA, new Source("other", "okta"))) {
      var theirs = directory.peopleOf(other);
      var theirGroups = directory.groupsOf(other);
      var id = new ProvisionedPeople.Key.Id(alice.value());
      assertThat(listed(c -> theirs.find(c, id))).isEmpty();
      assertThat(written(c -> theirs.lock(c, List.of(alice)))).isEqualTo(Map.of());
      assertThat(number(theirs::count)).isZero();
      assertThat(listed(c -> theirs.after(c, Optional.empty(), 10))).isEmpty();
      assertThat(listed(c -> theirGroups.find(c, new ProvisionedGroups.Key.Id(team)))).isEmpty();
      assertThat(written(c -> theirGroups.lock(c, team))).isEqualTo(Optional.empty());
      assertThat(listed(c -> List.copyOf(theirGroups.known(c, List.of(alice.value()))))).isEmpty();
    }
  }

  @Test
  void a_user_name_is_one_persons_also_across_sources() {
    created("alice");
    var theirs = directory.peopleOf(ENTRA);
    assertThat(written(c -> theirs.insert(c, profile("Alice"), true))).isEqualTo(Optional.empty());
    var bob = created("bob");
    assertThat(did(c -> people.update(c, bob, profile("ALICE"), true))).isFalse();
  }

  @Test
  void groups_of_a_source_are_kept_apart_from_groups_that_are_claimed() {
    var alice = created("alice");
    putGroups(alice, Set.of("claimed"));
    group("team", alice);
    assertThat(directory.person(alice).orElseThrow().groups())
        .containsExactlyInAnyOrder("claimed", "team");
    putGroups(alice, Set.of());
    assertThat(directory.person(alice).orElseThrow().groups()).containsExactly("team");
  }

  @Test
  void a_group_renamed_or_removed_is_so_for_every_member_on_every_node() {
    var members =
        IntStream.range(0, 1200).mapToObj(i -> createdQuietly("p" + i)).toArray(PersonId[]::new);
    var team = group("team", members);
    try (var other = Database.open(config, DirectoryContract.CLOCK)) {
      var there = Directory.open(other, DirectoryContract.CLOCK);
      assertThat(there.person(members[1100]).orElseThrow().groups()).containsExactly("team");
      var renamed =
          database
              .write(c -> {
                groups.update(c, team, "crew", Optional.empty());
                return people.announce(c, Set.of(members));
              })
              .orElseThrow();
      other.changes().awaitApplied(renamed, Duration.ofSeconds(20));
      assertThat(there.all()).allMatch(person -> person.groups().equals(Set.of("crew")));
    }
  }

  private PersonId createdQuietly(String userName) {
    return database.write(c -> people.insert(c, profile(userName), true)).orElseThrow();
  }

  @Test
  void pages_are_in_one_order_and_complete() {
    var all = IntStream.range(0, 7).mapToObj(i -> created("p" + i)).toList();
    var byPlace = new ArrayList<PersonId>();
    Optional<Position> place = Optional.empty();
    for (int page = 0; page < 3; page++) {
      var from = place;
      var read = database.read(c -> people.after(c, from, 3));
      read.forEach(person -> byPlace.add(person.id()));
      var last = read.getLast();
      place = Optional.of(new Position(last.revision().createdAt(), last.id().value()));
    }
    assertThat(byPlace).containsExactlyInAnyOrderElementsOf(all);
    var byNumber = database.read(c -> people.page(c, 3, 4));
    assertThat(byNumber).extracting(ProvisionedPerson::id).isEqualTo(byPlace.subList(3, 7));
    assertThat(number(people::count)).isEqualTo(7);
  }

  @Test
  void a_person_whom_no_source_keeps_can_be_adopted_once() {
    var alice = ((Linking.Created) directory.create(DirectoryContract.ALICE)).person().id();
    assertThat(did(c -> people.adopt(c, alice, profile("alice"), true))).isTrue();
    var theirs = directory.peopleOf(ENTRA);
    assertThat(did(c -> theirs.adopt(c, alice, profile("alice"), true))).isFalse();
  }

  @Test
  void SEC_9_a_user_name_is_given_once_a_source_keeps_it() {
    var told =
        ((Linking.Created) directory.createLinked(NewPerson.named("acme", "alice"), SUBJECT))
            .person();
    assertThat(told.userNameGiven()).isFalse();
    assertThat(did(c -> people.adopt(c, told.id(), profile("alice"), true))).isTrue();
    directory.refresh(Set.of(told.id()));
    assertThat(directory.person(told.id()).map(Person::userNameGiven)).contains(true);
    assertThat(did(c -> people.update(c, told.id(), profile("ALICE.B"), true))).isTrue();
    directory.refresh(Set.of(told.id()));
    assertThat(directory.person(told.id()).flatMap(Person::provenUserName)).contains("ALICE.B");
    assertThat(directory.person(created("bob")).map(Person::userNameGiven)).contains(true);
  }

  private Person toldPerson(NewPerson person, String subject) {
    var external = new ExternalSubject("acme", SUBJECT.issuer(), subject);
    return ((Linking.Created) directory.createLinked(person, external)).person();
  }

  private boolean isTaken(Person from, String userName) {
    boolean taken = did(c -> directory.toldNames(c).take(from.id(), "acme", userName));
    directory.refresh(Set.of(from.id()));
    return taken;
  }

  private Object holder(String userName) {
    return database.read(c -> directory.toldNames(c).holder("acme", userName));
  }

  @Test
  void SEC_9_a_name_on_a_providers_word_alone_gives_way() {
    var squatter = toldPerson(NewPerson.named("acme", "boss"), "mallory");
    assertThat(holder("BOSS")).isEqualTo(Optional.of(squatter.id()));
    assertThat(isTaken(squatter, "Boss")).isTrue();
    assertThat(isTaken(squatter, "boss")).as("a second time").isFalse();
    assertThat(holder("boss")).isEqualTo(Optional.empty());

    var renamed = directory.person(squatter.id()).orElseThrow();
    assertThat(renamed.userName()).startsWith("renamed/").isEqualTo(renamed.displayName());
    assertThat(renamed.provenUserName()).isEmpty();
    var boss = created("boss");
    assertThat(directory.findByUserName("acme", "boss").map(Person::id)).contains(boss);
    // The provider says so again; the name is somebody else's, and stays so when they are gone.
    assertThat(said(renamed, "boss").withheld()).containsExactly("user_name");
    done(c -> directory.erase(c, boss));
    assertThat(said(renamed, "boss").withheld()).containsExactly("user_name");
    assertThat(said(renamed, "mallory").changed())
        .containsExactlyInAnyOrder("display_name", "user_name");
  }

  private ProfileChange said(Person person, String userName) {
    var profile =
        new ToldProfile(Optional.of(userName), new ToldAddress.Unsaid(), Optional.empty());
    var now = DirectoryContract.CLOCK.instant();
    return database.write(
        c -> new ToldProfiles(c, now).put(person, SUBJECT.issuer(), profile, now, List.of()));
  }

  @Test
  void SEC_9_a_name_that_counts_gives_way_to_nobody() {
    var entered = ((Linking.Created) directory.create(DirectoryContract.ALICE)).person();
    var kept = created("kept");
    var address = "ana@acme.example";
    var verified =
        toldPerson(new NewPerson("acme", address, Optional.of(address), "Ana", Set.of()), "ana");
    for (var one : List.of(entered, directory.person(kept).orElseThrow(), verified)) {
      assertThat(holder(one.userName())).as(one.userName()).isEqualTo(Optional.empty());
      assertThat(isTaken(one, one.userName())).as(one.userName()).isFalse();
      assertThat(directory.person(one.id()).map(Person::userName)).contains(one.userName());
    }
    var told = toldPerson(NewPerson.named("acme", "told"), "told");
    assertThat(isTaken(told, "another")).as("a name that is not theirs").isFalse();
    assertThat(did(c -> directory.toldNames(c).take(told.id(), "other", "told"))).isFalse();
    assertThat(directory.person(told.id()).map(Person::userName)).contains("told");
  }

  @Test
  void DPR_2_whoever_is_erased_is_gone_and_their_subject_means_nobody_new() {
    var alice = created("alice");
    database.write(c -> people.link(c, alice, SUBJECT));
    done(c -> directory.erase(c, alice));
    var gone = directory.person(alice).orElseThrow();
    assertThat(gone.standing()).isEqualTo(Standing.DELETED);
    assertThat(gone.active()).isFalse();
    assertThat(gone.email()).isEmpty();
    assertThat(directory.all()).isEmpty();
    assertThat(directory.findByUserName("acme", "alice")).isEmpty();
    assertThat(directory.findLinked(SUBJECT)).contains(gone);
    assertThat(directory.createLinked(NewPerson.named("acme", "alice"), SUBJECT))
        .isEqualTo(new Linking.AlreadyLinked(gone));
    done(c -> {
      directory.setActive(new Statements(c), List.of(alice), true);
      assertThat(directory.inactive(c, List.of(alice))).isEmpty();
      return directory.announce(c, List.of(alice));
    });
    assertThat(directory.person(alice)).contains(gone);
  }

  @Test
  void a_subject_is_inherited_only_from_somebody_who_is_gone() {
    var alice = created("alice");
    var bob = created("bob");
    assertThat(did(c -> people.link(c, alice, SUBJECT))).isTrue();
    assertThat(did(c -> people.link(c, bob, SUBJECT))).isFalse();
    done(c -> directory.erase(c, alice));
    assertThat(did(c -> people.link(c, bob, SUBJECT))).isTrue();
    done(c -> people.announce(c, Set.of(bob)));
    assertThat(directory.findLinked(SUBJECT).map(Person::id)).contains(bob);
  }
}
