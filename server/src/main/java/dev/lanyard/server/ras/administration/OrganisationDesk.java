package dev.lanyard.server.ras.administration;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.MultipartForm;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.ras.administration.Entrance.Visitor;
import dev.lanyard.server.ras.enrolment.By;
import dev.lanyard.server.ras.enrolment.EnrolmentOffice;
import dev.lanyard.server.ras.enrolment.EnrolmentResult;
import dev.lanyard.server.ras.enrolment.Problem;
import dev.lanyard.server.ras.enrolment.Revision;
import dev.lanyard.server.ras.match.PeopleExport;
import dev.lanyard.server.ras.match.PreFlight;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.Flows;
import dev.lanyard.server.ras.organisations.IssuerRules;
import dev.lanyard.server.ras.organisations.Preset;
import dev.lanyard.server.ras.organisations.ReplayPolicy;
import dev.lanyard.server.ras.organisations.Stage;
import dev.lanyard.server.sessions.FormToken;
import dev.lanyard.server.sessions.OpaqueToken;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `/organisation`: the page of an organisation's administrator. It needs no script; every form of
/// it is one action, answered with the page anew.
final class OrganisationDesk {
  private static final String PATH = "/organisation";
  static final String OVER = "Your visit is over, or this form is not ours. Come in again.";

  /// What makes this server look outside.
  private static final Set<String> COSTLY =
      Set.of("claim", "look", "prove-document", "prove-domain", "prove-assertion", "check-domain");

  private static final int LARGEST_EXPORT = 2 * 1024 * 1024;

  /// Each is looked for several times.
  private static final int MOST_PEOPLE = 20_000;

  private static final int WEIGHT_OF_A_REPORT = 3;

  private final URI page;
  private final EnrolmentOffice office;
  private final Flows offered;
  private final PreFlight preFlight;
  private final Entrance entrance;
  private final OrganisationPage pages;
  private final Pace pace;

  /// @param page the URL of the page, from configuration
  OrganisationDesk(
      URI page,
      EnrolmentOffice office,
      Flows offered,
      PreFlight preFlight,
      Entrance entrance,
      OrganisationPage pages,
      Pace pace) {
    this.page = page;
    this.office = office;
    this.offered = offered;
    this.preFlight = preFlight;
    this.entrance = entrance;
    this.pages = pages;
    this.pace = pace;
  }

  List<Route> routes() {
    return List.of(
        Route.get(PATH, Access.SESSION, this::show),
        Route.post(PATH + "/match", Access.SESSION, this::match).bodyLimit(LARGEST_EXPORT),
        Route.post(PATH + "/{action}", Access.SESSION, this::act));
  }

  private Response show(Request request) {
    return entrance
        .visitor(request)
        .map(visitor ->
            pace.admits(visitor.organisation().name())
                ? pages.of(visitor, new Notice.None())
                : OrganisationPage.tooOften())
        .orElseGet(() -> pages.door(200, Optional.empty()));
  }

  private Response act(Request request) {
    try {
      var form = Form.parse(request.body(), Set.of());
      if ("enter".equals(request.pathParameter("action"))) {
        return enter(request, form);
      }
      var visitor = entrance.visitor(request, form);
      return visitor.isPresent() ? act(request, form, visitor.get()) : turnedAway(request, OVER);
    } catch (MalformedException e) {
      return pages.door(400, Optional.of("This form is not valid."));
    }
  }

  private Response enter(Request request, Form form) {
    var code =
        form.one("code")
            .map(said -> new Secret(said.strip()))
            .filter(OpaqueToken::isPossible)
            .orElseGet(() -> new Secret(""));
    var by = new By("holder of an invitation", request.correlationId());
    return entrance.isOfOurs(request)
        ? office
            .invitations()
            .enter(code, by, event -> pace.mayRecord(request, event))
            .map(visit -> entrance.entered(again(), visit))
            .orElseGet(() ->
                pages.door(
                    403,
                    Optional.of("This code is not good, or has been used. Ask for another one.")))
        : turnedAway(request, "This form is not ours.");
  }

  private Response turnedAway(Request request, String why) {
    office
        .invitations()
        .turnedAway(
            new By("somebody", request.correlationId()),
            new Problem("no_visit", why),
            event -> pace.mayRecord(request, event));
    return pages.door(403, Optional.of(why));
  }

  private Response again() {
    return Response.redirect(page).noStore();
  }

  private Response act(Request request, Form form, Visitor visitor) {
    var name = visitor.organisation().name();
    var by = new By("administrator of " + name, request.correlationId());
    var action = request.pathParameter("action");
    if (action.equals("leave")) {
      return entrance.left(request, again());
    }
    if (!pace.admits(name) || (COSTLY.contains(action) && !pace.admitsCostly(name, 1))) {
      return OrganisationPage.tooOften();
    }
    return switch (result(action, name, form, by)) {
      case EnrolmentResult.Done _ -> again();
      // What they were overtaken by is on the page that they get.
      case EnrolmentResult.Refused(var problem) ->
          pages.of(entrance.visitor(request).orElse(visitor), new Notice.Trouble(problem, form));
    };
  }

  /// Tells who of an export would come in. Writes nothing.
  private Response match(Request request) {
    try {
      var upload = MultipartForm.of(request);
      var form =
          Form.builder()
              .add(FormToken.FIELD, upload.text(FormToken.FIELD))
              .add("issuer", upload.text("issuer"))
              .build();
      var visitor = entrance.visitor(request, form);
      if (visitor.isEmpty()) {
        return turnedAway(request, OVER);
      }
      var name = visitor.get().organisation().name();
      return pace.admits(name) && pace.admitsCostly(name, WEIGHT_OF_A_REPORT)
          ? pages.of(visitor.get(), matched(visitor.get().organisation(), form, upload))
          : OrganisationPage.tooOften();
    } catch (MalformedException e) {
      return pages.door(400, Optional.of("This form is not valid."));
    }
  }

  private Notice matched(EnrolledOrganisation organisation, Form form, MultipartForm upload) {
    try {
      var way = PreFlight.choose(PreFlight.ways(organisation), Optional.of(issuer(form)));
      var isProved =
          way.flatMap(one -> organisation.issuer(one.provider().issuer()))
              .filter(one -> one.stage() != Stage.CLAIMED)
              .isPresent();
      if (way.isEmpty() || !isProved) {
        return trouble("unknown_issuer", "this is no proved issuer of yours", form);
      }
      var people = PeopleExport.read(upload.text("people"));
      return people.size() > MOST_PEOPLE
          ? trouble(
              "too_many",
              "the page looks at up to " + MOST_PEOPLE + " people; the operator can look at more",
              form)
          : new Notice.Matched(way.get().provider().issuer(), preFlight.report(people, way.get()));
    } catch (MalformedException e) {
      return trouble("wrong_form", "the export cannot be read: " + e.getMessage(), form);
    }
  }

  private static Notice trouble(String code, String detail, Form form) {
    return new Notice.Trouble(new Problem(code, detail), form);
  }

  private EnrolmentResult result(String action, String name, Form form, By by) {
    try {
      return switch (action) {
        case "claim" ->
            office
                .issuers()
                .claim(
                    name,
                    Preset.of(form.required("preset"))
                        .orElseThrow(() -> new MalformedException("choose a kind of provider")),
                    issuer(form),
                    by);
        case "prove-document" -> office.issuers().proveByDocument(name, issuer(form), by);
        case "prove-domain" ->
            office.issuers().proveByDomain(name, issuer(form), form.required("domain"), by);
        case "prove-assertion" ->
            office
                .issuers()
                .proveByAssertion(name, issuer(form), form.required("assertion").strip(), by);
        case "switch-on" -> office.issuers().switchOn(name, issuer(form), rules(form), by);
        case "change" -> office.issuers().change(name, issuer(form), rules(form), by);
        case "look" -> office.issuers().lookAgain(name, issuer(form));
        case "tenant" ->
            office.issuers().setTenant(name, issuer(form), tenant(form), form.required("seen"), by);
        case "remove-issuer" -> office.issuers().removeIssuer(name, issuer(form), by);
        case "forget-administrators" -> office.administrators().forget(name, issuer(form), by);
        case "flows" -> flows(name, form, by);
        case "add-domain" ->
            office.domains().add(name, form.required("domain"), Optional.empty(), by);
        case "check-domain" -> office.domains().prove(name, form.required("domain"), by);
        case "remove-domain" -> office.domains().remove(name, form.required("domain"), by);
        default -> formRefused(name, "unknown", "there is no such action", by);
      };
    } catch (MalformedException e) {
      return formRefused(name, "wrong_form", String.valueOf(e.getMessage()), by);
    }
  }

  /// As often as an organisation may send forms, it may cause a record of one.
  private EnrolmentResult formRefused(String name, String code, String detail, By by) {
    return office.custody().formRefused(name, new Problem(code, detail), by);
  }

  private EnrolmentResult flows(String name, Form form, By by) throws MalformedException {
    var wish = form.has("people_consent") ? Flows.BOTH : Flows.EMA_ONLY;
    return wish == Flows.BOTH && offered != Flows.BOTH
        ? formRefused(name, "not_offered", "nobody consents at this server", by)
        : office.custody().let(name, wish, form.required("seen"), by);
  }

  private static Issuer issuer(Form form) throws MalformedException {
    return Issuer.parse(form.required("issuer").strip());
  }

  /// The rules that the page has shown, with what it lets an administrator set.
  private static Revision<IssuerRules> rules(Form form) throws MalformedException {
    return Revision.ofSeen(form.required("seen"), before -> rules(form, before));
  }

  private static IssuerRules rules(Form form, IssuerRules before) throws MalformedException {
    var set =
        JsonObject.builder()
            .put("algorithms", algorithms(form))
            .putIfPresent("tenant", before.tenant())
            .put("link_by_email", form.has("link_by_email"))
            .put("create_people", form.has("create_people"))
            .put("carry_actor", form.has("carry_actor"))
            .put("replay", replay(form, before))
            .put("refused_keys", words(form.one("refused_keys")))
            .put("pinned_keys", words(form.one("pinned_keys")))
            .putIfPresent("revocation_caller", form.one("revocation_caller").map(String::strip));
    before.toJson().object("name_id").ifPresent(rule -> set.put("name_id", rule));
    return IssuerRules.parse(set.build());
  }

  private static Optional<String> tenant(Form form) throws MalformedException {
    var tenant = form.one("tenant").map(String::strip).orElse("");
    if (!tenant.matches("\\P{Cntrl}{0,200}")) {
      throw new MalformedException("a tenant has up to 200 characters in one line");
    }
    return Optional.of(tenant).filter(one -> !one.isEmpty());
  }

  /// Those that this server knows are all good, so an administrator may choose among them.
  private static List<String> algorithms(Form form) throws MalformedException {
    var chosen =
        Arrays.stream(SigningAlgorithm.values())
            .filter(one -> form.has(IssuerSection.algorithmBox(one)))
            .map(SigningAlgorithm::value)
            .toList();
    if (chosen.isEmpty()) {
      throw new MalformedException("choose at least one algorithm that the provider signs with");
    }
    return chosen;
  }

  private static String replay(Form form, IssuerRules before) throws MalformedException {
    var wish = form.one("replay").orElse(before.replay());
    if (!ReplayPolicy.upTo(before.replay()).contains(wish)) {
      throw new MalformedException("only the operator can let an assertion be taken more often");
    }
    return wish;
  }

  private static List<String> words(Optional<String> text) {
    return Arrays.stream(text.orElse("").strip().split("[\\s,]+"))
        .filter(word -> !word.isEmpty())
        .distinct()
        .toList();
  }
}
