package dev.lanyard.server.directory;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.Appended;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Writing;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The people of all organisations.
///
/// Questions are answered from memory. A change is one transaction with its notice to the other
/// nodes, and this node answers by it as soon as the method that made it returns. Thread-safe.
public final class Directory {
  private static final Instant END_OF_TIME = Instant.parse("9999-12-31T23:59:59Z");

  private final Database database;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final People people = new People();
  private final FollowedRecord following = new FollowedRecord(people);
  private final OwnPeople own = new OwnPeople(people);

  private Directory(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /// Loads the people and goes on following the record.
  public static Directory open(Database database, InstantSource clock) {
    var directory = new Directory(database, clock);
    directory.following.open(database);
    return directory;
  }

  /// The people of the installation's own broker.
  public OwnPeople own() {
    return own;
  }

  /// The person with this id, also when they are deleted.
  public Optional<Person> person(PersonId id) {
    return people.person(id);
  }

  /// Everybody who is not deleted, in no order.
  public List<Person> all() {
    return people.all();
  }

  /// Whom an administrator may mean: the person with this id, else everybody with this user name or
  /// e-mail address, of whatever organisation, whether that is configured, enrolled or not here any
  /// more. Anybody may be called, or have been given, what is somebody else's address, and a
  /// customer chooses what its people are called: of several none is to be guessed.
  ///
  /// @param organisation whose they must be, if that is said
  public List<Person> meant(String named, Optional<String> organisation) {
    return people.meant(named, organisation);
  }

  /// How many people of an organisation stand so; it takes no longer for more of them.
  public long count(String organisation, Standing standing) {
    return people.count(organisation, standing);
  }

  /// What all spellings of a user name have in common by which [#findByUserName] finds the same
  /// person.
  public static String folded(String userName) {
    return Keys.userName(userName);
  }

  /// What all spellings of an e-mail address have in common by which [#findByEmail] finds the same
  /// people.
  public static String foldedAddress(String email) {
    return Keys.email(email);
  }

  /// The person with this user name, whatever the case and the compatible form of its letters.
  public Optional<Person> findByUserName(String organisation, String userName) {
    return people.byUserName(organisation, userName);
  }

  /// Who has this e-mail address; letters A to Z match in either case, all others exactly. An
  /// address is a claim, not a proof: whether it may identify anybody is for the caller to decide
  /// (RAS-9).
  public EmailMatch findByEmail(String organisation, String email) {
    return EmailMatch.of(people.byEmail(organisation, email));
  }

  /// The person whom an issuer outside means by its subject; also when they are deleted, so that an
  /// old assertion about them is refused instead of taken for somebody new. Our own broker means
  /// its people by what it calls them, without any link.
  public Optional<Person> findLinked(ExternalSubject subject) {
    return own.person(subject).or(() -> people.byLink(subject));
  }

  /// Who is called exactly so outside: by an issuer, as its subject, or by a source, as its
  /// external id. For looking somebody up; it proves nothing. Asks the record, too.
  public Set<PersonId> calledOutside(String name) {
    var found =
        new HashSet<>(database.read(connection -> new PersonTables(connection).byExternalId(name)));
    people.bySubject(name).forEach(found::add);
    return found;
  }

  /// Whether an issuer outside is already known to mean this person, by whatever subject.
  public boolean isLinkedTo(PersonId id, Issuer issuer) {
    return people.links(id).stream().anyMatch(link -> link.issuer().equals(issuer));
  }

  /// Whether an address was somebody else's before: then it may be an account of theirs that goes
  /// by it. Asks the record, not memory.
  public boolean wasAnothers(String organisation, String email, PersonId id) {
    return database.read(
        connection -> new FormerAddresses(connection).wasAnothers(organisation, email, id));
  }

  /// Whether a user name was somebody else's before: an issuer that goes by it may mean them. Asks
  /// the record, not memory.
  public boolean wasAnothersUserName(String organisation, String userName, PersonId id) {
    return database.read(
        connection -> new FormerUserNames(connection).wasAnothers(organisation, userName, id));
  }

  /// Whether a user name was anybody's before. Asks the record, not memory.
  public boolean wasUserName(String organisation, String userName) {
    return database.read(
        connection -> new FormerUserNames(connection).isKnown(organisation, userName));
  }

  /// Whether somebody is here on the word of others alone: another issuer means them, this one does
  /// not, and no source keeps them. Asks the record.
  public boolean isOthers(PersonId id, Issuer issuer) {
    var links = people.links(id);
    return links.stream().noneMatch(link -> link.issuer().equals(issuer))
        // A server of this installation means everybody by their id.
        && links.stream().anyMatch(link -> !link.subject().equals(id.value()))
        && database.read(connection -> !new PersonTables(connection).isProvisioned(id));
  }

  /// By which subject an issuer outside means this person; empty if by none, or by several.
  public Optional<String> subjectAt(PersonId id, Issuer issuer) {
    var subjects =
        people.links(id).stream()
            .filter(link -> link.issuer().equals(issuer))
            .map(ExternalSubject::subject)
            .toList();
    return subjects.size() == 1 ? Optional.of(subjects.getFirst()) : Optional.empty();
  }

  /// Creates a person, unless the user name is taken.
  public Linking create(NewPerson person) {
    return create(person, (_, _) -> true);
  }

  /// What must be so in the transaction that creates somebody, once they have their user name;
  /// whoever judges it may write what belongs to it once it is.
  public interface Condition {
    boolean isMet(Connection connection, PersonId created) throws SQLException;
  }

  /// The same if this holds; if it does not, nobody is created, as if the user name were taken.
  public Linking create(NewPerson person, Condition condition) {
    var id = PersonId.random(random);
    boolean created = database.write(connection -> created(connection, id, person, condition));
    return created ? new Linking.Created(refreshed(id)) : new Linking.UserNameTaken();
  }

  private boolean created(Connection connection, PersonId id, NewPerson person, Condition condition)
      throws SQLException {
    var tables = new PersonTables(connection);
    if (!tables.insert(id, person, true, true, clock.instant())) {
      return false;
    }
    if (!condition.isMet(connection, id)) {
      tables.takeBack(id);
      return false;
    }
    announce(connection, id);
    return true;
  }

  /// Creates the person whom a subject means, at first sight of it, unless the user name is or was
  /// somebody else's. Of several requests at once, also on several nodes, one creates the person
  /// and the others get the same one.
  public Linking createLinked(NewPerson person, ExternalSubject subject) {
    var id = PersonId.random(random);
    var linked = database.write(connection -> createLinked(connection, id, person, subject));
    if (linked.isEmpty()) {
      return new Linking.UserNameTaken();
    }
    var refreshed = refreshed(linked.get());
    return linked.get().equals(id)
        ? new Linking.Created(refreshed)
        : new Linking.AlreadyLinked(refreshed);
  }

  private Optional<PersonId> createLinked(
      Connection connection, PersonId id, NewPerson person, ExternalSubject subject)
      throws SQLException {
    var tables = new PersonTables(connection);
    var now = clock.instant();
    if (new FormerUserNames(connection).isKnown(person.organisation(), person.userName())
        || !tables.insert(id, person, false, true, now)) {
      // Whoever has the name may be the same person, created a moment ago for the same subject.
      return tables.links().person(subject);
    }
    if (!tables.links().insert(id, subject, now)) {
      tables.takeBack(id);
      return tables.links().person(subject);
    }
    announce(connection, id);
    return Optional.of(id);
  }

  /// Says that a subject is a person who is known already, whatever else the issuer calls them. A
  /// subject that is linked stays as it is.
  ///
  /// @throws IllegalArgumentException if there is no such person in the subject's organisation
  public Linking link(PersonId id, ExternalSubject subject) {
    return link(id, subject, _ -> true);
  }

  /// The same, unless the issuer means the person by another subject already: for what an issuer
  /// may give to somebody else one day, such as an address or a user name. Of several subjects at
  /// once, also on several nodes, one is linked.
  public Linking linkFirst(PersonId id, ExternalSubject subject) {
    return link(
        id,
        subject,
        tables ->
            tables.touch(id, clock.instant()) && !tables.links().isThere(id, subject.issuer()));
  }

  private interface Rule {
    boolean allows(PersonTables tables) throws SQLException;
  }

  private Linking link(PersonId id, ExternalSubject subject, Rule rule) {
    var known = person(id).filter(person -> person.organisation().equals(subject.organisation()));
    if (known.isEmpty()) {
      throw new IllegalArgumentException("no such person in the organisation of " + subject);
    }
    boolean linked =
        database.write(connection -> {
          var tables = new PersonTables(connection);
          if (!rule.allows(tables) || !tables.links().insert(id, subject, clock.instant())) {
            return false;
          }
          announce(connection, id);
          return true;
        });
    if (linked) {
      return new Linking.Linked(refreshed(id));
    }
    return database
        .read(connection -> new PersonTables(connection).links().person(subject))
        .<Linking>map(holder -> new Linking.AlreadyLinked(refreshed(holder)))
        .orElseGet(Linking.MeantOtherwise::new);
  }

  /// Makes these the groups of a person that were told at sign-in or by an administrator, inside a
  /// transaction of the caller's: **only `revocation` may call this**, because who has lost a group
  /// must also lose what it gave, in the same transaction. Groups that a source keeps are not
  /// touched. Nodes learn of it by [#announce].
  ///
  /// @param saidAt when it was said: what is older than the last statement counts for nothing.
  ///   Empty for what counts in any case
  /// @return whether the groups were others before
  public boolean putGroups(
      Connection connection, PersonId id, Set<String> groups, Optional<Instant> saidAt)
      throws SQLException {
    var tables = new PersonTables(connection);
    var now = clock.instant();
    return tables.noteGroupsSaid(id, saidAt.orElse(now), saidAt.orElse(END_OF_TIME))
        && tables.replaceGroups(id, groups, now);
  }

  /// The groups of a person that no source keeps, as the record has them inside this transaction.
  public Set<String> toldGroups(Connection connection, PersonId id) throws SQLException {
    return new PersonTables(connection).told(id);
  }

  /// The groups of a person that no source keeps, from memory.
  public Set<String> toldGroups(PersonId id) {
    return people.claimed(id).orElse(Set.of());
  }

  /// Whether nobody outside has a say about a person: no other issuer means them, and no source
  /// keeps them. Asks the record.
  ///
  /// @param own the issuer of these people: what it says of somebody at another server of this
  ///   installation makes nobody a person of others
  public boolean isKeptHere(PersonId id, Issuer own) {
    return people.links(id).stream().allMatch(link -> link.issuer().equals(own))
        && database.read(connection -> !new PersonTables(connection).isProvisioned(id));
  }

  /// Switches people off or on, inside a transaction of the caller's: **only `revocation` may call
  /// this**, because a person who is off must also have their tokens denied, in the same
  /// transaction. Nodes learn of it by [#announce].
  public void setActive(Writing writes, Collection<PersonId> ids, boolean active)
      throws SQLException {
    PersonTables.setActive(writes, ids, active, clock.instant());
  }

  /// Who of these people is switched off, as the record has it inside this transaction.
  public Set<PersonId> inactive(Connection connection, Collection<PersonId> ids)
      throws SQLException {
    return new PersonTables(connection).inactive(ids);
  }

  /// Those of them who had another address than they have now, inside this transaction: others may
  /// know them by it.
  public Set<PersonId> renamed(Connection connection, Collection<Person> people)
      throws SQLException {
    return people.isEmpty() ? Set.of() : new FormerAddresses(connection).renamed(people);
  }

  /// Everybody who is switched off, as the record has it inside this transaction.
  public Set<PersonId> inactive(Connection connection) throws SQLException {
    return new PersonTables(connection).inactive();
  }

  /// Somebody as the record has them inside this transaction.
  public Optional<Person> recorded(Connection connection, PersonId id) throws SQLException {
    return new PersonTables(connection).some(List.of(id)).stream().map(Entry::person).findFirst();
  }

  /// Makes whoever switches these people off, or says other groups of theirs, wait until this
  /// transaction has ended.
  public void hold(Connection connection, Collection<PersonId> ids) throws SQLException {
    var tables = new PersonTables(connection);
    // In one order everywhere, as those who are switched off.
    for (var id : ids.stream().sorted(Comparator.comparing(PersonId::value)).toList()) {
      var _ = tables.touch(id, clock.instant());
    }
  }

  /// Takes people's e-mail addresses away, because they are somebody else's now. Nodes learn of it
  /// by [#announce].
  public void forgetAddresses(Connection connection, Collection<PersonId> ids) throws SQLException {
    new PersonTables(connection).forgetAddresses(ids, clock.instant());
  }

  /// What became of an address that takes the place of another.
  public enum Replacement {
    DONE,
    /// It is somebody else's, or was before.
    ANOTHERS,
    /// The person does not have the former one any more.
    OUTDATED
  }

  /// Gives a person an e-mail address in place of the one they have, unless it would lead others to
  /// them. Nodes learn of it by [#announce]. Who has an address is asked of memory: two who get the
  /// same one at once on two nodes are ambiguous afterwards, as others with one address are.
  public Replacement replaceAddress(
      Connection connection, Person person, String former, String address) throws SQLException {
    var holders = people.byEmail(person.organisation(), address);
    if (holders.stream().anyMatch(holder -> !holder.id().equals(person.id()))
        || new FormerAddresses(connection)
            .wasAnothers(person.organisation(), address, person.id())) {
      return Replacement.ANOTHERS;
    }
    return new PersonTables(connection)
            .replaceAddress(person.id(), former, address, clock.instant())
        ? Replacement.DONE
        : Replacement.OUTDATED;
  }

  /// Who else has an address that is said to be this person's, from memory.
  public List<PersonId> othersWith(Person person, ToldAddress address) {
    return address.address().stream()
        .flatMap(value -> people.byEmail(person.organisation(), value).stream())
        .map(Person::id)
        .filter(id -> !id.equals(person.id()))
        .toList();
  }

  /// Whether nobody has an address, nor had it as far as that matters: whoever may speak for it may
  /// give it to another.
  public boolean isFree(String organisation, ToldAddress.Named told) {
    return people.byEmail(organisation, told.value()).isEmpty()
        && (told.verified()
            || database.read(
                record -> !new FormerAddresses(record).isKnown(organisation, told.value())));
  }

  /// Tells every node to look at these people again, inside a transaction of the caller's that has
  /// changed them. This node knows once the change is applied: see
  /// [dev.lanyard.server.database.ChangeFeed#awaitApplied].
  ///
  /// @return the last change; empty if there is nobody to tell of
  public Optional<Appended> announce(Connection connection, Collection<PersonId> ids)
      throws SQLException {
    return announcer().announce(connection, ids);
  }

  /// The same, with people who are switched off in that transaction. They are looked at again only
  /// if they are among the others too.
  public Optional<Appended> announce(
      Connection connection, Collection<PersonId> ids, Set<PersonId> switchedOff)
      throws SQLException {
    return announcer().announce(connection, ids, switchedOff);
  }

  /// Leaves nothing of a person but the id, inside a transaction of the caller's: **only after
  /// `revocation` has made everything of theirs dead in the same transaction.** Nobody gets the id
  /// again; the subjects by which issuers mean the person go on meaning somebody who is gone.
  ///
  /// @return the change; empty if there is no such person
  public Optional<Appended> erase(Connection connection, PersonId id) throws SQLException {
    // A kill in the same transaction has taken the address from the record already.
    var address = person(id).flatMap(Person::email).stream().toList();
    return new PersonTables(connection).erase(id, address, clock.instant())
        ? Optional.of(announce(connection, id))
        : Optional.empty();
  }

  /// Which source keeps somebody, as the record has it inside a transaction; empty if none does.
  public Optional<String> keeper(Connection connection, PersonId id) throws SQLException {
    return new PersonTables(connection).keeper(id);
  }

  /// The people that a source keeps.
  public ProvisionedPeople peopleOf(Source source) {
    return new ProvisionedPeople(source, announcer(), clock, random);
  }

  /// The user names that people have on a provider's word alone, in a transaction of the caller's.
  public ToldNames toldNames(Connection connection) {
    return new ToldNames(connection, clock.instant(), random);
  }

  /// The groups that a source keeps.
  public ProvisionedGroups groupsOf(Source source) {
    return new ProvisionedGroups(source, clock, random);
  }

  private Announcer announcer() {
    return new Announcer(database.changes(), clock);
  }

  private Appended announce(Connection connection, PersonId id) throws SQLException {
    return announcer().announce(connection, Set.of(id)).orElseThrow();
  }

  /// Makes this node treat people as switched off who are so by a transaction that is committed:
  /// **only `revocation` may call this.** Nothing is read.
  public void switchOff(Collection<PersonId> ids) {
    following.switchOff(ids);
  }

  /// Makes this node know what the record has of these people now, whatever it has been told.
  public void refresh(Collection<PersonId> ids) {
    following.refresh(ids, database);
  }

  private Person refreshed(PersonId id) {
    refresh(List.of(id));
    return person(id)
        .orElseThrow(() -> new IllegalStateException("a person vanished: nobody deletes rows"));
  }
}
