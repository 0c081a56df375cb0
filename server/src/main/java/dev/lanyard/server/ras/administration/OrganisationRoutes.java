package dev.lanyard.server.ras.administration;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.authorization.Paths;
import dev.lanyard.server.clients.AdminBearers;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.ras.enrolment.EnrolmentOffice;
import dev.lanyard.server.ras.match.PreFlight;
import dev.lanyard.server.ras.organisations.Flows;
import dev.lanyard.server.ras.organisations.Organisation;
import dev.lanyard.server.token.ServerMetadata;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// The routes of enrolment: none where it is off, no API without a token for it.
public final class OrganisationRoutes {
  private OrganisationRoutes() {}

  /// Where an organisation's administrator brings a code.
  public static URI page(Issuer self) {
    return Paths.at(self, "/organisation");
  }

  /// @param configured the organisations that only the configuration changes
  /// @param offered what this server lets an organisation choose from for its people
  public static List<Route> of(
      Issuer self,
      EnrolmentConfig config,
      List<Organisation> configured,
      Flows offered,
      EnrolmentOffice office,
      PreFlight preFlight,
      InstantSource clock) {
    var routes = new ArrayList<Route>();
    var page = page(self);
    if (config.enabled()) {
      var pages = new OrganisationPage(self, page, office.issuers(), offered, clock);
      routes.addAll(new OrganisationDesk(self, page, office, offered, pages).routes());
    }
    if (!config.adminTokens().isEmpty()) {
      var bearers = new AdminBearers(config.adminTokens());
      routes.addAll(
          new OrganisationApi(office, configured, page, bearers, preFlight, clock).routes());
    }
    var path = ServerMetadata.path(self);
    return routes.stream().map(route -> route.under(path)).toList();
  }
}
