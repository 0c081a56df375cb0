package dev.lanyard.server.ras.administration;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.ras.enrolment.Administrators;
import dev.lanyard.server.ras.enrolment.Administrators.Came;
import dev.lanyard.server.ras.enrolment.Administrators.Sent;
import dev.lanyard.server.ras.enrolment.By;
import dev.lanyard.server.ras.enrolment.Problem;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `/organisation/back/{way}`: how an organisation's administrator comes back without a code, by
/// signing in at an issuer of theirs.
final class ReturnDesk {
  private static final String PATH = "/organisation";

  private final URI page;
  private final Administrators administrators;
  private final Entrance entrance;
  private final OrganisationPage pages;
  private final Pace pace;

  ReturnDesk(
      URI page,
      Administrators administrators,
      Entrance entrance,
      OrganisationPage pages,
      Pace pace) {
    this.page = page;
    this.administrators = administrators;
    this.entrance = entrance;
    this.pages = pages;
    this.pace = pace;
  }

  List<Route> routes() {
    return List.of(
        Route.get(PATH + "/back/{way}", Access.SESSION, this::back),
        Route.get(PATH + "/callback/{way}", Access.SESSION, this::answered),
        Route.post(PATH + "/come-back", Access.SESSION, this::name));
  }

  /// Whoever is in wants to be able to come back.
  private Response name(Request request) {
    try {
      var form = Form.parse(request.body(), Set.of());
      var visitor = entrance.visitor(request, form);
      if (visitor.isEmpty()) {
        return pages.door(403, Optional.of(OrganisationDesk.OVER));
      }
      var name = visitor.get().organisation().name();
      if (!pace.admits(name) || !pace.admitsCostly(name, 1)) {
        return OrganisationPage.tooOften();
      }
      return switch (administrators.naming(
          name,
          Issuer.parse(form.required("issuer").strip()),
          ClientId.parse(form.required("client_id").strip()))) {
        case Sent.There there -> sent(there);
        case Sent.Nowhere(var problem) ->
            pages.of(visitor.get(), new Notice.Trouble(problem, form));
      };
    } catch (MalformedException e) {
      return pages.door(400, Optional.of("This form is not valid."));
    }
  }

  private Response sent(Sent.There there) {
    return entrance.sent(Response.redirect(there.url()).noStore(), there.binding());
  }

  private Response back(Request request) {
    var way = request.pathParameter("way");
    if (!pace.admitsReturn(way, request.source())) {
      return OrganisationPage.tooOften();
    }
    return switch (administrators.returning(way)) {
      case Sent.There there -> sent(there);
      case Sent.Nowhere(var problem) -> door(problem);
    };
  }

  private Response door(Problem problem) {
    return pages.door(403, Optional.of(problem.detail()));
  }

  private Response answered(Request request) {
    var way = request.pathParameter("way");
    if (!pace.admitsReturn(way, request.source())) {
      return OrganisationPage.tooOften();
    }
    try {
      var came =
          administrators.answered(
              way,
              Form.parse(request.query(), Set.of()),
              new Administrators.Asked(
                  entrance.binding(request),
                  entrance.visit(request),
                  new By("administrator who signs in", request.correlationId()),
                  event -> pace.mayRecord(request, event)));
      return switch (came) {
        case Came.Named() -> Response.redirect(page).noStore();
        case Came.In(var visit) -> entrance.entered(Response.redirect(page).noStore(), visit);
        case Came.Not(var problem) -> door(problem);
      };
    } catch (MalformedException e) {
      return pages.door(400, Optional.of("This answer is not valid."));
    }
  }
}
