package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.console.desk.Deeds;
import dev.lanyard.server.console.desk.Deeds.Deed;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Confirmation;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What an administrator does to a person: off, on, or an end to all that was issued. Each is asked
/// for once more, with what will happen, and for a reason.
///
/// The question holds how the person stood. If they stand otherwise when the answer comes, because
/// another administrator or the identity provider was first, nothing is done, and whoever answers
/// sees what has happened meanwhile. Nobody does it to themselves: who is locked out cannot undo
/// it.
final class PersonActions {
  private static final int LAST = 5;

  private final Gate gate;
  private final PeoplePages people;
  private final Parts parts;
  private final Deeds deeds;

  PersonActions(Gate gate, PeoplePages people, Parts parts, Deeds deeds) {
    this.gate = gate;
    this.people = people;
    this.parts = parts;
    this.deeds = deeds;
  }

  List<Route> routes() {
    return List.of(
        ask("/disable", Deed.DISABLE),
        ask("/enable", Deed.ENABLE),
        ask("/revoke", Deed.REVOKE),
        act("/disable", Deed.DISABLE),
        act("/enable", Deed.ENABLE),
        act("/revoke", Deed.REVOKE));
  }

  private Route ask(String path, Deed deed) {
    return gate.page(
        PeoplePages.PERSON + path,
        Gate.ADMINISTRATORS,
        (request, visit) ->
            people
                .person(request)
                .map(person -> question(visit, person, deed, path))
                .orElseGet(() -> people.nobody(request)));
  }

  private Response question(Visit visit, Person person, Deed deed, String path) {
    var address = PeoplePages.address(person);
    var page =
        new Confirmation(
            address + path,
            List.of(Parts.who(person), deed.effect()),
            person.standing().name(),
            "",
            deed.label(),
            deed != Deed.ENABLE,
            address);
    var frame = visit.frame(deed.label() + "?", Sitemap.PEOPLE);
    return Sheet.of(200, "confirmation", frame, page);
  }

  private Route act(String path, Deed deed) {
    return gate.action(
        PeoplePages.PERSON + path,
        Gate.ADMINISTRATORS,
        (request, visit, form) -> {
          var person = people.person(request);
          return person.isEmpty()
              ? people.nobody(request)
              : done(request, visit, form, person.get(), deed);
        });
  }

  private Response done(Request request, Visit visit, Form form, Person person, Deed deed)
      throws MalformedException {
    var reason = form.required("reason");
    var seen = form.required("seen");
    return switch (deeds.act(visit.actor(), person, deed, Optional.of(seen), reason)) {
      case Deeds.Outcome.Done _ -> gate.to(PeoplePages.address(person));
      case Deeds.Outcome.Oneself _ ->
          gate.message(
              request,
              409,
              "Nobody does this to themselves.",
              "Nothing was done. Ask another administrator; your own sessions end under 'My"
                  + " access'.",
              Optional.of(new Message.Way("/", "My access")));
      case Deeds.Outcome.Overtaken _ -> overtaken(visit, person, seen);
    };
  }

  /// Somebody was first: what they did, and that this was not done.
  private Response overtaken(Visit visit, Person person, String seen) {
    var now = parts.directory().person(person.id()).orElse(person).standing().name();
    var table =
        new Report.Table(
            List.of("When", "What", "By", "Why"),
            last(person).stream()
                .map(record ->
                    List.of(
                        Report.Cell.time(record.event().at()),
                        Report.Cell.text(record.event().type()),
                        Report.Cell.text(record.event().told("source").map(this::by).orElse("–")),
                        Report.Cell.text(record.event().told("reason").orElse("–"))))
                .toList(),
            "");
    var report =
        Report.of(
            "Something else has happened to "
                + person.displayName()
                + " meanwhile, so nothing was done.",
            List.of(
                Report.Part.of(
                        "What has happened",
                        "When you were asked they were "
                            + seen.toLowerCase(Locale.ROOT)
                            + "; now they are "
                            + now.toLowerCase(Locale.ROOT)
                            + ".",
                        table)
                    .with(
                        new Message.Way(
                            PeoplePages.address(person), "Back to " + person.userName()))));
    var frame = visit.frame("Not done", Sitemap.PEOPLE);
    return Sheet.of(409, "report", frame, report);
  }

  private List<AuditRecord> last(Person person) {
    return parts
        .audit()
        .query(AuditQuery.newest(100).ofPerson(person.id().value()))
        .reversed()
        .stream()
        .filter(record -> record.event().type().startsWith("person."))
        .limit(LAST)
        .toList();
  }

  /// The name of an administrator at the console, whom the record has by their id.
  private String by(String source) {
    return parts
        .directory()
        .person(new PersonId(source.substring(source.indexOf(':') + 1)))
        .map(person -> "administrator " + person.userName())
        .orElse(source);
  }
}
