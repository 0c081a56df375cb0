package dev.lanyard.server.ras.administration;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.http.Strangers;
import dev.lanyard.server.ras.administration.Entrance.Visitor;
import dev.lanyard.server.ras.enrolment.By;
import dev.lanyard.server.ras.enrolment.EnrolmentOffice;
import dev.lanyard.server.ras.enrolment.EnrolmentResult;
import dev.lanyard.server.ras.enrolment.Problem;
import dev.lanyard.server.ras.enrolment.Revision;
import dev.lanyard.server.ras.organisations.Flows;
import dev.lanyard.server.ras.organisations.IssuerRules;
import dev.lanyard.server.ras.organisations.Preset;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `/organisation`: the page of an organisation's administrator. It needs no script; every form of
/// it is one action, answered with the page anew.
final class OrganisationDesk {
  private static final String PATH = "/organisation";

  private final URI page;
  private final EnrolmentOffice office;
  private final Flows offered;
  private final Entrance entrance;
  private final OrganisationPage pages;
  private final Strangers strangers;

  /// @param page the URL of the page, from configuration
  /// @param strangers how many records somebody may cause who has proved nothing
  OrganisationDesk(
      Issuer self,
      URI page,
      EnrolmentOffice office,
      Flows offered,
      OrganisationPage pages,
      Strangers strangers) {
    this.page = page;
    this.office = office;
    this.offered = offered;
    this.entrance = new Entrance(self, office.invitations());
    this.pages = pages;
    this.strangers = strangers;
  }

  List<Route> routes() {
    return List.of(
        Route.get(PATH, Access.SESSION, this::show),
        Route.post(PATH + "/{action}", Access.SESSION, this::act));
  }

  private Response show(Request request) {
    return entrance
        .visitor(request)
        .map(visitor -> pages.of(visitor, Optional.empty()))
        .orElseGet(() -> pages.door(200, Optional.empty()));
  }

  private Response act(Request request) {
    try {
      var form = Form.parse(request.body(), Set.of());
      if ("enter".equals(request.pathParameter("action"))) {
        return enter(request, form);
      }
      var visitor = entrance.visitor(request, form);
      return visitor.isPresent()
          ? act(request, form, visitor.get())
          : turnedAway(request, "Your visit is over, or this form is not ours. Come in again.");
    } catch (MalformedException e) {
      return pages.door(400, Optional.of("This form is not valid."));
    }
  }

  private Response enter(Request request, Form form) {
    var code = new Secret(form.one("code").orElse("").strip());
    var by = new By("holder of an invitation", request.correlationId());
    return entrance.isOfOurs(request)
        ? office
            .invitations()
            .enter(code, by, event -> strangers.mayRecord(request, event))
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
            event -> strangers.mayRecord(request, event));
    return pages.door(403, Optional.of(why));
  }

  private Response again() {
    return Response.redirect(page).noStore();
  }

  private Response act(Request request, Form form, Visitor visitor) {
    var name = visitor.organisation().name();
    var by = new By("administrator of " + name, request.correlationId());
    if ("leave".equals(request.pathParameter("action"))) {
      return entrance.left(request, again());
    }
    return switch (result(request.pathParameter("action"), name, form, by)) {
      case EnrolmentResult.Done _ -> again();
      // What they were overtaken by is on the page that they get.
      case EnrolmentResult.Refused(var problem) ->
          pages.of(entrance.visitor(request).orElse(visitor), Optional.of(problem));
    };
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
        case "remove-issuer" -> office.issuers().removeIssuer(name, issuer(form), by);
        case "flows" -> flows(name, form, by);
        case "add-domain" ->
            office.domains().add(name, form.required("domain"), Optional.empty(), by);
        case "check-domain" -> office.domains().prove(name, form.required("domain"), by);
        case "remove-domain" -> office.domains().remove(name, form.required("domain"), by);
        default -> EnrolmentResult.refused("unknown", "there is no such action");
      };
    } catch (MalformedException e) {
      return new EnrolmentResult.Refused(new Problem("wrong_form", String.valueOf(e.getMessage())));
    }
  }

  private EnrolmentResult flows(String name, Form form, By by) throws MalformedException {
    var wish = form.has("people_consent") ? Flows.BOTH : Flows.EMA_ONLY;
    return wish == Flows.BOTH && offered != Flows.BOTH
        ? EnrolmentResult.refused("not_offered", "nobody consents at this server")
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
            .put("algorithms", before.toJson().strings("algorithms").orElse(List.of()))
            .putIfPresent("tenant", before.tenant())
            .put("link_by_email", form.has("link_by_email"))
            .put("create_people", form.has("create_people"))
            .put("carry_actor", form.has("carry_actor"))
            .put("replay", before.replay())
            .put("refused_keys", words(form.one("refused_keys")))
            .put("pinned_keys", words(form.one("pinned_keys")))
            .putIfPresent("revocation_caller", form.one("revocation_caller").map(String::strip));
    before.toJson().object("name_id").ifPresent(rule -> set.put("name_id", rule));
    return IssuerRules.parse(set.build());
  }

  private static List<String> words(Optional<String> text) {
    return Arrays.stream(text.orElse("").strip().split("[\\s,]+"))
        .filter(word -> !word.isEmpty())
        .distinct()
        .toList();
  }
}
