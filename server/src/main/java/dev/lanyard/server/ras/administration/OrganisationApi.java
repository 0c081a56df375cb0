package dev.lanyard.server.ras.administration;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.json.StrictUtf8;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Listing;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.ras.enrolment.By;
import dev.lanyard.server.ras.enrolment.EnrolmentOffice;
import dev.lanyard.server.ras.enrolment.EnrolmentResult;
import dev.lanyard.server.ras.enrolment.Invitation;
import dev.lanyard.server.ras.enrolment.Invitations.Coded;
import dev.lanyard.server.ras.enrolment.Problem;
import dev.lanyard.server.ras.enrolment.Revision;
import dev.lanyard.server.ras.match.PeopleExport;
import dev.lanyard.server.ras.match.PreFlight;
import dev.lanyard.server.ras.organisations.DomainName;
import dev.lanyard.server.ras.organisations.IssuerRules;
import dev.lanyard.server.ras.organisations.Organisation;
import dev.lanyard.server.ras.organisations.OrganisationRules;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// `/admin/api/organisations`: what operators do with organisations, for programs.
final class OrganisationApi {
  private static final String PATH = "/organisations";
  private static final String NAME = "name";
  private static final String DOMAIN = "domain";
  private static final String ONE = PATH + "/{" + NAME + "}";
  private static final String CALLED = "What the organisation is called.";

  /// One of either kind. Names are given once.
  private record Told(String name, JsonObject json) {}

  private static final Listing<Told> LISTING =
      new Listing<>("organisations", OrganisationJson.SCHEMA, Told::name, Told::json);

  /// A line for each of a few hundred thousand people.
  private static final int LARGEST_EXPORT = 32 * 1024 * 1024;

  private final EnrolmentOffice office;
  private final List<Organisation> configured;
  private final URI page;
  private final PreFlight preFlight;
  private final InstantSource clock;

  /// @param configured the organisations that only the configuration changes
  /// @param page where an organisation's administrator brings a code
  OrganisationApi(
      EnrolmentOffice office,
      List<Organisation> configured,
      URI page,
      PreFlight preFlight,
      InstantSource clock) {
    this.office = office;
    this.configured = configured;
    this.page = page;
    this.preFlight = preFlight;
    this.clock = clock;
  }

  List<ApiRoute> routes(Api api) {
    return List.of(
        api.get(
            PATH,
            LISTING.operation("organisations", "Every organisation.", Right.READ),
            this::list),
        api.post(
            PATH,
            Operation.of(
                    "invite_organisation",
                    "Invites an organisation; answers with its code.",
                    Right.CHANGE,
                    OrganisationJson.CODED)
                .reads(OrganisationJson.INVITATION)
                .tellsSecret()
                .creates(),
            this::invite),
        api.get(ONE, named("organisation", "One organisation.", Right.READ), this::show),
        api.put(
            ONE + "/rules",
            changing("change_organisation", "Sets the limits of an organisation.")
                .reads(Schema.anything()),
            this::changeRules),
        api.put(
            ONE + "/issuer-rules",
            changing("change_issuer", "Sets the rules of an issuer of an organisation.")
                .reads(
                    Schema.object()
                        .has("issuer", Schema.text())
                        .has("rules", Schema.anything())
                        .has("seen", Schema.text())
                        .build()),
            this::changeIssuer),
        api.post(
            ONE + "/link",
            Operation.of(
                    "link_organisation",
                    "Answers with another code.",
                    Right.CHANGE,
                    OrganisationJson.CODED)
                .tellsSecret()
                .path(NAME, CALLED),
            this::link),
        api.post(
                ONE + "/match",
                Operation.of(
                        "match_organisation",
                        "Says who of an export of people would come in. Changes nothing.",
                        Right.READ,
                        OrganisationJson.MATCH)
                    .path(NAME, CALLED)
                    .query("issuer", Schema.text(), "By which of the organisation's issuers.")
                    .readsText("text/csv"),
                this::match)
            .bodyLimit(LARGEST_EXPORT),
        api.post(
            ONE + "/suspend",
            changing("suspend_organisation", "Lets nobody of an organisation in.")
                .reads(Schema.object().may("reason", Schema.text()).build()),
            this::suspend),
        api.post(
            ONE + "/resume",
            changing("resume_organisation", "Lets the people of an organisation in again."),
            this::resume),
        api.delete(
            ONE + "/domains/{" + DOMAIN + "}",
            changing("remove_domain", "Takes a mail domain away, and what rests on it.")
                .path(DOMAIN, "However its letters are written."),
            this::removeDomain),
        api.delete(ONE, changing("remove_organisation", "Removes an organisation."), this::remove));
  }

  private static Operation changing(String id, String summary) {
    return named(id, summary, Right.CHANGE);
  }

  private static Operation named(String id, String summary, Right right) {
    return Operation.of(id, summary, right, OrganisationJson.SCHEMA).path(NAME, CALLED);
  }

  private static By by(Call call) {
    return By.operator(call.caller().name(), call.correlationId());
  }

  /// What enrolment refuses has a code of its own, unless every call can have it.
  private static Response refused(Call call, Problem problem) {
    return switch (problem.code()) {
      case "unknown" -> call.problem(Kind.NOT_FOUND, problem.detail());
      case "wrong_form" -> call.problem(Kind.INVALID_REQUEST, problem.detail());
      default ->
          new dev.lanyard.server.http.Problem(
                  Kind.CONFLICT.status(), problem.code(), Kind.CONFLICT.title(), problem.detail())
              .answer(call.correlationId());
    };
  }

  private Response answer(Call call, EnrolmentResult result) {
    return switch (result) {
      case EnrolmentResult.Done(var organisation) ->
          Response.json(200, OrganisationJson.of(organisation, clock.instant()));
      case EnrolmentResult.Refused(var problem) ->
          problem.code().equals(Problem.OVERTAKEN)
              ? overtaken(call, problem)
              : refused(call, problem);
    };
  }

  private Response overtaken(Call call, Problem problem) {
    return office
        .custody()
        .find(call.path(NAME))
        .map(one -> call.overtaken(problem.detail(), OrganisationJson.of(one, clock.instant())))
        .orElseGet(() -> refused(call, problem));
  }

  private Response list(Call call) throws MalformedException {
    var now = clock.instant();
    var fixed = configured.stream().map(one -> new Told(one.name(), OrganisationJson.of(one)));
    var enrolled =
        office.custody().all().stream()
            .map(one -> new Told(one.name(), OrganisationJson.of(one, now)));
    return LISTING.page(call, Stream.concat(fixed, enrolled));
  }

  private Response show(Call call) {
    var name = call.path("name");
    return office
        .custody()
        .find(name)
        .map(one -> OrganisationJson.of(one, clock.instant()))
        .or(() ->
            configured.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .map(OrganisationJson::of))
        .map(json -> Response.json(200, json))
        .orElseGet(() ->
            call.problem(
                Kind.NOT_FOUND,
                "There is no organisation of this name. All are at /admin/api/organisations."));
  }

  private Response invite(Call call) throws MalformedException {
    var json = call.json();
    try {
      var invitation =
          new Invitation(
              json.nonEmptyString("name"),
              domains(json, "domains"),
              domains(json, "vouched_domains"),
              OrganisationRules.parse(json.object("rules").orElse(JsonObject.EMPTY)),
              Invitation.DEFAULT_LIFE);
      return coded(call, 201, office.invitations().invite(invitation, by(call)));
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  private static Set<DomainName> domains(JsonObject json, String member) throws MalformedException {
    var domains = new HashSet<DomainName>();
    for (var domain : json.strings(member).orElse(List.of())) {
      domains.add(DomainName.parse(domain));
    }
    return domains;
  }

  private Response link(Call call) {
    return coded(call, 200, office.invitations().link(call.path("name"), by(call)));
  }

  private Response coded(Call call, int status, Coded coded) {
    return switch (coded) {
      case Coded.Made(var organisation, var code) ->
          Response.json(
              status,
              OrganisationJson.of(organisation, clock.instant())
                  .with(
                      JsonObject.builder()
                          .put("page", page.toString())
                          .put("code", code.reveal())
                          .build()));
      case Coded.Refused(var problem) -> refused(call, problem);
    };
  }

  private Response changeRules(Call call) throws MalformedException {
    var json = call.json();
    var rules = OrganisationRules.parse(json.without("seen"));
    Revision<OrganisationRules> revision = Revision.ofSeen(json.nonEmptyString("seen"), _ -> rules);
    return answer(call, office.custody().change(call.path("name"), revision, by(call)));
  }

  private Response changeIssuer(Call call) throws MalformedException {
    var json = call.json();
    var issuer = Issuer.parse(json.nonEmptyString("issuer"));
    var rules =
        IssuerRules.parse(
            json.object("rules").orElseThrow(() -> new MalformedException("'rules' is missing")));
    Revision<IssuerRules> revision = Revision.ofSeen(json.nonEmptyString("seen"), _ -> rules);
    return answer(call, office.issuers().change(call.path("name"), issuer, revision, by(call)));
  }

  private Response match(Call call) throws MalformedException {
    var name = call.path("name");
    var ways =
        configured.stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .map(PreFlight::ways)
            .or(() -> office.custody().find(name).map(PreFlight::ways))
            .orElse(List.of());
    var named = call.query("issuer");
    var issuer =
        named.isPresent() ? Optional.of(Issuer.parse(named.get())) : Optional.<Issuer>empty();
    var way = PreFlight.choose(ways, issuer);
    if (way.isEmpty()) {
      return call.problem(
          Kind.NOT_FOUND,
          "The parameter 'issuer' must name one of the organisation's issuers: "
              + ways.stream().map(one -> one.provider().issuer().value()).toList());
    }
    var people = PeopleExport.read(StrictUtf8.decode(call.request().body()));
    return Response.json(200, preFlight.report(people, way.get()).toJson());
  }

  private Response suspend(Call call) throws MalformedException {
    var reason = call.json().string("reason").orElse("suspended by an operator");
    return answer(call, office.custody().suspend(call.path("name"), reason, by(call)));
  }

  private Response resume(Call call) {
    return answer(call, office.custody().resume(call.path("name"), by(call)));
  }

  private Response removeDomain(Call call) {
    var name = call.path(NAME);
    return answer(call, office.domains().remove(name, call.path(DOMAIN), by(call)));
  }

  private Response remove(Call call) {
    return answer(call, office.custody().remove(call.path("name"), by(call)));
  }
}
