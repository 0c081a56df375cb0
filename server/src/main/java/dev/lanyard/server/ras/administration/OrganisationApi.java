package dev.lanyard.server.ras.administration;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.json.StrictUtf8;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.clients.AdminBearers;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Handler;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.ras.enrolment.By;
import dev.lanyard.server.ras.enrolment.EnrolmentOffice;
import dev.lanyard.server.ras.enrolment.EnrolmentResult;
import dev.lanyard.server.ras.enrolment.Invitation;
import dev.lanyard.server.ras.enrolment.Invitations.Coded;
import dev.lanyard.server.ras.enrolment.Problem;
import dev.lanyard.server.ras.match.PeopleExport;
import dev.lanyard.server.ras.match.PreFlight;
import dev.lanyard.server.ras.organisations.DomainName;
import dev.lanyard.server.ras.organisations.IssuerRules;
import dev.lanyard.server.ras.organisations.Organisation;
import dev.lanyard.server.ras.organisations.OrganisationRules;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `/admin/api/organisations`: what operators do with organisations, for programs. Problems are RFC
/// 9457 documents.
final class OrganisationApi {
  private static final String PATH = "/admin/api/organisations";
  private static final String JSON = "application/json";

  /// A line for each of a few hundred thousand people.
  private static final int LARGEST_EXPORT = 32 * 1024 * 1024;

  private final EnrolmentOffice office;
  private final List<Organisation> configured;
  private final URI page;
  private final AdminBearers bearers;
  private final PreFlight preFlight;
  private final InstantSource clock;

  /// @param configured the organisations that only the configuration changes
  /// @param page where an organisation's administrator brings a code
  OrganisationApi(
      EnrolmentOffice office,
      List<Organisation> configured,
      URI page,
      AdminBearers bearers,
      PreFlight preFlight,
      InstantSource clock) {
    this.office = office;
    this.configured = configured;
    this.page = page;
    this.bearers = bearers;
    this.preFlight = preFlight;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.get(PATH, Access.ADMIN, guarded(this::list)),
        Route.post(PATH, Access.ADMIN, guarded(this::invite)),
        Route.get(PATH + "/{name}", Access.ADMIN, guarded(this::show)),
        Route.put(PATH + "/{name}/rules", Access.ADMIN, guarded(this::changeRules)),
        Route.put(PATH + "/{name}/issuer-rules", Access.ADMIN, guarded(this::changeIssuer)),
        Route.post(PATH + "/{name}/link", Access.ADMIN, guarded(this::link)),
        Route.post(PATH + "/{name}/match", Access.ADMIN, guarded(this::match))
            .bodyLimit(LARGEST_EXPORT),
        Route.post(PATH + "/{name}/suspend", Access.ADMIN, guarded(this::suspend)),
        Route.post(PATH + "/{name}/resume", Access.ADMIN, guarded(this::resume)),
        Route.delete(PATH + "/{name}", Access.ADMIN, guarded(this::remove)));
  }

  private interface Action {
    Response of(Request request, By by) throws MalformedException;
  }

  private Handler guarded(Action action) {
    return request -> {
      var bearer = bearers.of(request);
      if (bearer.isEmpty()) {
        return AdminBearers.unknown();
      }
      try {
        return action.of(request, new By(bearer.get(), request.correlationId()));
      } catch (MalformedException e) {
        return problem(request, 400, new Problem("wrong_form", String.valueOf(e.getMessage())));
      }
    };
  }

  private static Response problem(Request request, int status, Problem problem) {
    return Response.bytes(
            status,
            "application/problem+json",
            OrganisationJson.problem(status, problem, request.correlationId()).toBytes())
        .noStore();
  }

  private static Response refused(Request request, Problem problem) {
    int status =
        switch (problem.code()) {
          case "unknown", "unknown_issuer" -> 404;
          case "wrong_form" -> 400;
          default -> 409;
        };
    return problem(request, status, problem);
  }

  private Response answer(Request request, EnrolmentResult result) {
    return switch (result) {
      case EnrolmentResult.Done(var organisation) ->
          Response.json(200, OrganisationJson.of(organisation, clock.instant())).noStore();
      case EnrolmentResult.Refused(var problem) -> refused(request, problem);
    };
  }

  private Response list(Request request, By by) {
    var all = new ArrayList<JsonObject>();
    configured.forEach(one -> all.add(OrganisationJson.of(one)));
    office.custody().all().forEach(one -> all.add(OrganisationJson.of(one, clock.instant())));
    return Response.json(200, JsonObject.builder().put("organisations", all).build()).noStore();
  }

  private Response show(Request request, By by) {
    var name = request.pathParameter("name");
    return office
        .custody()
        .find(name)
        .map(one -> OrganisationJson.of(one, clock.instant()))
        .or(() ->
            configured.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .map(OrganisationJson::of))
        .map(json -> Response.json(200, json).noStore())
        .orElseGet(() ->
            problem(request, 404, new Problem("unknown", "there is no organisation of this name")));
  }

  private static JsonObject body(Request request) throws MalformedException {
    if (!request.contentType().equals(Optional.of(JSON))) {
      throw new MalformedException("the body must be " + JSON);
    }
    return JsonObject.parse(request.body());
  }

  private Response invite(Request request, By by) throws MalformedException {
    var json = body(request);
    try {
      var invitation =
          new Invitation(
              json.nonEmptyString("name"),
              domains(json, "domains"),
              domains(json, "vouched_domains"),
              OrganisationRules.parse(json.object("rules").orElse(JsonObject.EMPTY)),
              Invitation.DEFAULT_LIFE);
      return coded(request, 201, office.invitations().invite(invitation, by));
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

  private Response link(Request request, By by) {
    return coded(request, 200, office.invitations().link(request.pathParameter("name"), by));
  }

  private Response coded(Request request, int status, Coded coded) {
    return switch (coded) {
      case Coded.Made(var organisation, var code) ->
          Response.json(
                  status,
                  OrganisationJson.of(organisation, clock.instant())
                      .with(
                          JsonObject.builder()
                              .put("page", page.toString())
                              .put("code", code.reveal())
                              .build()))
              .noStore();
      case Coded.Refused(var problem) -> refused(request, problem);
    };
  }

  private Response changeRules(Request request, By by) throws MalformedException {
    var rules = OrganisationRules.parse(body(request));
    return answer(request, office.custody().change(request.pathParameter("name"), rules, by));
  }

  private Response changeIssuer(Request request, By by) throws MalformedException {
    var json = body(request);
    var issuer = Issuer.parse(json.nonEmptyString("issuer"));
    var rules =
        IssuerRules.parse(
            json.object("rules").orElseThrow(() -> new MalformedException("'rules' is missing")));
    return answer(
        request, office.issuers().change(request.pathParameter("name"), issuer, rules, by));
  }

  private Response match(Request request, By by) throws MalformedException {
    var name = request.pathParameter("name");
    var ways =
        configured.stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .map(PreFlight::ways)
            .or(() -> office.custody().find(name).map(PreFlight::ways))
            .orElse(List.of());
    var named = Form.parse(request.query(), Set.of()).one("issuer");
    var issuer =
        named.isPresent() ? Optional.of(Issuer.parse(named.get())) : Optional.<Issuer>empty();
    var way = PreFlight.choose(ways, issuer);
    if (way.isEmpty()) {
      return refused(
          request,
          new Problem(
              "unknown_issuer",
              "the parameter 'issuer' must name one of the organisation's issuers: "
                  + ways.stream().map(one -> one.provider().issuer().value()).toList()));
    }
    var people = PeopleExport.read(StrictUtf8.decode(request.body()));
    return Response.json(200, preFlight.report(people, way.get()).toJson()).noStore();
  }

  private Response suspend(Request request, By by) throws MalformedException {
    var reason = body(request).string("reason").orElse("suspended by an operator");
    return answer(request, office.custody().suspend(request.pathParameter("name"), reason, by));
  }

  private Response resume(Request request, By by) {
    return answer(request, office.custody().resume(request.pathParameter("name"), by));
  }

  private Response remove(Request request, By by) {
    return answer(request, office.custody().remove(request.pathParameter("name"), by));
  }
}
