package dev.lanyard.server.console.page;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.People;
import dev.lanyard.server.console.desk.Reach;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.SignedIn;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/// `/people`: finds a person, and shows what they reach and why, where they are signed in, and what
/// failed last, in plain words. It changes nothing. The record says who looked at whom.
final class PeoplePages {
  static final String PERSON = "/people/{id}";
  private static final int PAGE = 50;

  private static final Comparator<Person> ORDER = Comparator.comparing(PeoplePages::place);

  private final Gate gate;
  private final Reach reach;
  private final SignedIn signedIn;
  private final People known;

  PeoplePages(Gate gate, Reach reach, SignedIn signedIn, People known) {
    this.gate = gate;
    this.reach = reach;
    this.signedIn = signedIn;
    this.known = known;
  }

  /// A page of the people who match.
  ///
  /// @param asked what was looked for
  /// @param next where the next page is; empty if this is the last
  /// @param adding whether whoever looks may add somebody
  record Found(String asked, List<Row> rows, String next, boolean adding) {}

  record Row(
      String address,
      String name,
      String userName,
      String email,
      String organisation,
      String standing) {}

  /// Everything about one person.
  ///
  /// @param hold what whoever looks may do
  record Shown(
      Row who,
      String id,
      List<String> groups,
      List<Reach.Reached> reached,
      List<SignedIn.Place> places,
      List<People.Failure> failures,
      boolean active,
      Hold hold) {}

  /// What whoever looks at somebody may do.
  enum Hold {
    LOOKS,
    /// Switch them off or on, and all the rest.
    CHANGES,
    /// They are the one who looks.
    IS_THEMSELVES
  }

  List<Route> routes() {
    return List.of(
        gate.page("/people", Sitemap.PEOPLE, this::list),
        gate.page(PERSON, Sitemap.PEOPLE, this::show));
  }

  private Response list(Request request, Visit visit) {
    var query = Addresses.query(request);
    var asked = query.flatMap(form -> form.one("q")).orElse("").strip();
    var after = query.flatMap(form -> form.one("after")).orElse("");
    var matches = known.matching(asked).filter(person -> place(person).compareTo(after) > 0);
    // One more than a page, to know whether there is a next one.
    var some = first(matches, PAGE + 1);
    var rows = some.stream().limit(PAGE).map(PeoplePages::row).toList();
    var next =
        some.size() > PAGE
            ? "/people?"
                + Form.builder()
                    .add("q", asked)
                    .add("after", place(some.get(PAGE - 1)))
                    .build()
                    .encode()
            : "";
    var frame = visit.frame("People", Sitemap.PEOPLE);
    var page = new Found(asked, rows, next, visit.has(Duty.ADMINISTRATOR));
    return Sheet.of(200, "people", frame, page);
  }

  /// The first ones in order. Not everybody is sorted for that: of a hundred thousand that takes
  /// longer than a page may.
  private static List<Person> first(Stream<Person> people, int most) {
    var kept = new PriorityQueue<Person>(most + 1, ORDER.reversed());
    people.forEach(person -> {
      var last = kept.peek();
      if (kept.size() < most || last == null || ORDER.compare(person, last) < 0) {
        kept.add(person);
      }
      if (kept.size() > most) {
        kept.poll();
      }
    });
    return kept.stream().sorted(ORDER).toList();
  }

  /// Two of different organisations may be called the same.
  private static String place(Person person) {
    return person.userName() + " " + person.id().value();
  }

  static Row row(Person person) {
    return new Row(
        address(person),
        person.displayName(),
        person.userName(),
        person.email().orElse("–"),
        person.organisation(),
        person.standing().name().toLowerCase(Locale.ROOT));
  }

  static String address(Person person) {
    return "/people/" + Addresses.segment(person.id().value());
  }

  /// To the page of somebody; to everybody, if they are gone.
  static Message.Way way(Optional<Person> somebody) {
    return somebody
        .map(person -> new Message.Way(address(person), "Look at " + person.userName()))
        .orElseGet(() -> new Message.Way("/people", "People"));
  }

  /// The person that an address names.
  Optional<Person> person(Request request) {
    return known.find(request.pathParameter("id"));
  }

  Response nobody(Request request) {
    return gate.message(
        request,
        404,
        "There is nobody with this id.",
        "Look for them by name or address.",
        Optional.of(new Message.Way("/people", "People")));
  }

  private static Hold hold(Visit visit, Person person) {
    if (!visit.has(Duty.ADMINISTRATOR)) {
      return Hold.LOOKS;
    }
    return person.id().equals(visit.person().id()) ? Hold.IS_THEMSELVES : Hold.CHANGES;
  }

  private Response show(Request request, Visit visit) {
    var found = person(request);
    if (found.isEmpty()) {
      return nobody(request);
    }
    var person = found.get();
    gate.record("console.person-read", visit, person, JsonObject.EMPTY);
    var page =
        new Shown(
            row(person),
            person.id().value(),
            person.groups().stream().sorted().toList(),
            reach.of(person, AuthenticationContext.UNKNOWN, visit.at()),
            signedIn.of(person, Optional.empty(), visit.at()),
            known.failures(person),
            person.active(),
            hold(visit, person));
    var frame = visit.frame(person.displayName(), Sitemap.PEOPLE);
    return Sheet.of(200, "person", frame, page);
  }
}
