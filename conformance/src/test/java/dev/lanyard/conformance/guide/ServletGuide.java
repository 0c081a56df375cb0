package dev.lanyard.conformance.guide;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.dpop.DpopReplay;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.resourceserver.Guard;
import dev.lanyard.resourceserver.MemoryDpopReplay;
import dev.lanyard.resourceserver.Requirement;
import dev.lanyard.resourceserver.servlet.ResourceServerFilter;
import dev.lanyard.resourceserver.status.EventFeed;
import dev.lanyard.resourceserver.status.FeedConfig;
import dev.lanyard.resourceserver.status.Introspection;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Set;
import javax.sql.DataSource;

/// The code of `docs/protect-servlet.md`.
public final class ServletGuide {
  private ServletGuide() {}

  // guide: guard
  public static TrustedIssuer issuer(Issuer ras, EgressPolicy outbound, Clock clock) {
    var keys = new IssuerDiscovery(new EgressClient(outbound), ras, Refresh.DEFAULT, clock).keys();
    return new TrustedIssuer(ras, keys, Set.of(SigningAlgorithm.ES256));
  }

  public static EventFeed feed(
      TrustedIssuer issuer, BasicCredentials self, EgressPolicy outbound, Clock clock) {
    return EventFeed.open(
        new FeedConfig(URI.create(issuer.issuer() + "/events/streams"), self),
        issuer,
        Introspection.http(outbound.authorities()),
        clock);
  }

  public static Guard guard(
      TrustedIssuer issuer, ResourceIndicator resource, EventFeed feed, Clock clock) {
    var scopes = Scopes.of("issues.read", "issues.write");
    return new Guard(
        new ProtectedResourceMetadata(resource, issuer.issuer(), scopes),
        TrustedIssuers.of(issuer),
        feed,
        new MemoryDpopReplay(clock),
        clock);
  }

  // end

  // guide: replay
  public static DpopReplay sharedReplay(DataSource database) {
    return (thumbprint, url, id, forgetAfter) -> {
      try (var connection = database.getConnection();
          var insert =
              connection.prepareStatement(
                  "INSERT INTO dpop_proof (proof, forget_after) VALUES (?, ?)"
                      + " ON CONFLICT DO NOTHING")) {
        connection.setAutoCommit(true);
        insert.setBytes(1, Sha256.of(thumbprint + "\n" + url + "\n" + id));
        insert.setLong(2, forgetAfter.toEpochMilli());
        return insert.executeUpdate() == 1;
      } catch (SQLException e) {
        throw new IllegalStateException("nobody can say whether the proof was used", e);
      }
    };
  }

  // end

  // guide: filter
  public static Filter filter(Guard guard) {
    return new ResourceServerFilter(guard, request -> Requirement.scopes("issues.read"));
  }

  // end

  // guide: servlet
  public static HttpServlet servlet() {
    return new HttpServlet() {
      @Override
      protected void doPost(HttpServletRequest request, HttpServletResponse response)
          throws IOException {
        AccessToken caller = ResourceServerFilter.callerOf(request).orElseThrow();
        response.getWriter().println("Hello, " + caller.subject());
      }
    };
  }

  // end
}
