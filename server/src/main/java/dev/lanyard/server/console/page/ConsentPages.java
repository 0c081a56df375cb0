package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.ConsentDesk;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Confirmation;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.console.sheet.Slice;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.sessions.Consent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// `/consents` of somebody: what they have agreed to themselves, outside of what the organisation
/// manages. Whoever may look at them sees it; an administrator takes it back.
final class ConsentPages {
  private static final String CONSENTS = PeoplePages.PERSON + "/consents";
  private static final String WITHDRAW = CONSENTS + "/withdraw";
  private static final String CLIENT = "client";

  private final Gate gate;
  private final PeoplePages people;
  private final ConsentDesk desk;

  ConsentPages(Gate gate, PeoplePages people, ConsentDesk desk) {
    this.gate = gate;
    this.people = people;
    this.desk = desk;
  }

  List<Route> routes() {
    return List.of(
        gate.page(
            CONSENTS,
            Sitemap.PEOPLE,
            (request, visit) -> of(request, person -> all(request, visit, person))),
        gate.page(
            WITHDRAW,
            Gate.ADMINISTRATORS,
            (request, visit) -> of(request, person -> ask(request, visit, person))),
        gate.action(WITHDRAW, Gate.ADMINISTRATORS, this::withdraw));
  }

  private interface OfSomebody {
    Response show(Person person);
  }

  private Response of(Request request, OfSomebody page) {
    return people.person(request).map(page::show).orElseGet(() -> people.nobody(request));
  }

  private static String address(Person person) {
    return PeoplePages.address(person) + "/consents";
  }

  private Response all(Request request, Visit visit, Person person) {
    gate.record(
        "console.person-read", visit, person, JsonObject.builder().put("what", "consents").build());
    boolean acts = visit.has(Duty.ADMINISTRATOR);
    var shown = Slice.of(desk.of(person), Addresses.query(request));
    var table =
        new Table(
            List.of("Application", "Of what", "To do what", "Since", "Take back"),
            shown.rows().stream().map(one -> row(person, one, acts)).toList(),
            desk.isOpen()
                ? "Nothing. What applications have of them comes from the role library alone."
                : "Nobody is asked here: people agree where the resource authorization server is"
                    + " configured.");
    return Sheet.report(
        visit.frame(person.displayName() + ": agreed to", Sitemap.PEOPLE),
        Report.of(
            "What "
                + Parts.who(person)
                + " lets applications do, because they were asked and said"
                + " yes. The role library did not give it.",
            List.of(
                Part.of("Agreed to", shown.told(), table)
                    .with(shown.ways(address(person), Map.of()))
                    .with(back(person)))));
  }

  private static Message.Way back(Person person) {
    return new Message.Way(PeoplePages.address(person), "Back to " + person.userName());
  }

  private List<Cell> row(Person person, Consent one, boolean acts) {
    return List.of(
        Cell.text(name(one.client())),
        Cell.text(one.resource().value()),
        Cell.text(one.scopes().isEmpty() ? "(no scopes)" : one.scopes().toString()),
        Cell.time(one.agreedAt()),
        acts
            ? Cell.link(
                address(person) + "/withdraw?client=" + Addresses.value(one.client().value()),
                "Take back from " + name(one.client()) + "…")
            : Cell.text("–"));
  }

  /// Whoever has registered itself has an id that says nothing.
  private String name(ClientId client) {
    return desk.name(client)
        .filter(name -> !name.equals(client.value()))
        .map(name -> name + " (" + client + ")")
        .orElse(client.value());
  }

  private Response ask(Request request, Visit visit, Person person) {
    var client = Addresses.query(request).flatMap(form -> form.one(CLIENT)).orElse("");
    var agreed = with(person, client);
    if (agreed.isEmpty()) {
      return nothing(request, person);
    }
    var page =
        new Confirmation(
            address(person) + "/withdraw?client=" + Addresses.value(client),
            List.of(
                name(agreed.getFirst().client())
                    + " for "
                    + Parts.who(person)
                    + ": "
                    + agreed.stream()
                        .map(one -> one.resource().value())
                        .distinct()
                        .collect(Collectors.joining(", ")),
                "Everything that it got by this consent ends at once. What the role library gives"
                    + " stays. They may agree again when it asks them; stop the application to keep"
                    + " it out."),
            seen(agreed),
            "",
            "Take it back",
            true,
            address(person));
    var frame = visit.frame("Take it back?", Sitemap.PEOPLE);
    return Sheet.of(200, "confirmation", frame, page);
  }

  private List<Consent> with(Person person, String client) {
    return desk.of(person).stream().filter(one -> one.client().value().equals(client)).toList();
  }

  /// What was agreed to since is not what was looked at.
  private static String seen(List<Consent> agreed) {
    return agreed.size()
        + " "
        + agreed.stream().map(Consent::agreedAt).max(Instant::compareTo).orElseThrow();
  }

  private Response nothing(Request request, Person person) {
    return gate.message(
        request,
        404,
        "They have agreed to nothing with this application.",
        "It was taken back already, or never was. Nothing was done.",
        Optional.of(new Message.Way(address(person), "What they have agreed to")));
  }

  private Response withdraw(Request request, Visit visit, Form form) throws MalformedException {
    var reason = form.required("reason").strip();
    var seen = form.required("seen");
    return of(
        request,
        person -> {
          var client = Addresses.query(request).flatMap(one -> one.one(CLIENT)).orElse("");
          var agreed = with(person, client);
          if (agreed.isEmpty()) {
            return nothing(request, person);
          }
          if (!seen.equals(seen(agreed))) {
            return overtaken(request, person);
          }
          return desk.withdraw(visit.actor(), person, agreed.getFirst().client(), reason)
              ? gate.to(address(person))
              : nothing(request, person);
        });
  }

  private Response overtaken(Request request, Person person) {
    return gate.message(
        request,
        409,
        "Nothing was taken back: they have agreed to something else since you looked.",
        "Look at it again, and repeat it if it is still right.",
        Optional.of(new Message.Way(address(person), "What they have agreed to")));
  }
}
