package dev.lanyard.server.ras.administration;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.administration.AdminBearers;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.http.Strangers;
import dev.lanyard.server.ras.enrolment.EnrolmentOffice;
import dev.lanyard.server.ras.match.PreFlight;
import dev.lanyard.server.ras.organisations.Flows;
import dev.lanyard.server.ras.organisations.Organisation;
import dev.lanyard.server.token.Paths;
import dev.lanyard.server.token.ServerMetadata;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// The routes of enrolment: none where it is off, no API without a token for it.
public final class OrganisationRoutes {
  private OrganisationRoutes() {}

  /// Where an organisation's administrator brings a code.
  public static URI page(Issuer self) {
    return Paths.at(self, "/organisation");
  }

  /// @param offered what this server lets an organisation choose from for its people
  /// @param strangers how many records somebody may cause who has proved nothing
  public static List<Route> pages(
      Issuer self,
      EnrolmentConfig config,
      Flows offered,
      EnrolmentOffice office,
      PreFlight preFlight,
      Strangers strangers,
      InstantSource clock) {
    if (!config.enabled()) {
      return List.of();
    }
    var page = page(self);
    var pages = new OrganisationPage(self, page, office, offered, clock);
    var path = ServerMetadata.path(self);
    var pace = new Pace(strangers, clock);
    var entrance = new Entrance(self, office.invitations());
    var back = new ReturnDesk(page, office.administrators(), entrance, pages, pace);
    var desk = new OrganisationDesk(page, office, offered, preFlight, entrance, pages, pace);
    return Stream.concat(back.routes().stream(), desk.routes().stream())
        .map(route -> route.under(path))
        .toList();
  }

  /// @param configured the organisations that only the configuration changes
  /// @param makesApi for those who may call
  public static List<ApiRoute> api(
      Issuer self,
      EnrolmentConfig config,
      List<Organisation> configured,
      EnrolmentOffice office,
      PreFlight preFlight,
      Function<AdminBearers, Api> makesApi,
      InstantSource clock) {
    if (config.adminTokens().isEmpty()) {
      return List.of();
    }
    var api = makesApi.apply(AdminBearers.of(config.adminTokens()));
    var path = ServerMetadata.path(self);
    return new OrganisationApi(office, configured, page(self), preFlight, clock)
        .routes(api).stream().map(route -> route.under(path)).toList();
  }
}
