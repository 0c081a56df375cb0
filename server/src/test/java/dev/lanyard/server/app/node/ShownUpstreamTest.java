package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.credentials.Credentials;
import dev.lanyard.server.credentials.CredentialsConfig;
import dev.lanyard.server.credentials.CredentialsConfig.Vendor;
import dev.lanyard.server.credentials.CredentialsConfig.Way;
import dev.lanyard.server.credentials.Entitlement;
import dev.lanyard.server.credentials.IdJagSource;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.gateway.front.Caller;
import dev.lanyard.server.gateway.front.UpstreamCredentials.Bearing;
import dev.lanyard.server.gateway.front.UpstreamCredentials.Header;
import dev.lanyard.server.gateway.front.UpstreamCredentials.Presented;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.revocation.DenySet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RS-8: the gateway shows servers something of its own, never the caller's token")
class ShownUpstreamTest {
  private final TestClock clock = new TestClock();
  private Database database;
  private Person ana;
  private ShownUpstream shown;

  @BeforeEach
  void open(@TempDir Path folder) {
    database = Database.open(TestDatabases.sqlite(folder), clock);
    var directory = Directory.open(database, clock);
    directory.create(new NewPerson("acme", "ana", Optional.empty(), "Ana", Set.of()));
    ana = directory.findByUserName("acme", "ana").orElseThrow();
    var vendor =
        new Vendor(
            new Issuer("https://auth.tracker.example"),
            new ClientId("lanyard"),
            Optional.empty(),
            Scopes.NONE,
            Optional.empty());
    shown =
        new ShownUpstream(
            new Credentials(
                new CredentialsConfig(
                    Map.of(
                        "search",
                        new Way.Fixed("X-Api-Key", new Secret("k3y")),
                        "tracker",
                        new Way.Consented(vendor))),
                Optional.of(new Issuer("https://id.example")),
                Optional.empty(),
                IdJagSource.NONE,
                new Credentials.Parts(
                    database,
                    directory,
                    DenySet.following(database),
                    new Outbox(database, new DeliveryAudit(), clock),
                    () -> {
                      throw new AssertionError("nothing to open");
                    },
                    entitlement(),
                    new EgressClient(EgressPolicy.strict()),
                    clock)));
  }

  private static Entitlement entitlement() {
    return new Entitlement() {
      @Override
      public boolean has(Person person, String connector) {
        return true;
      }

      @Override
      public boolean reaches(Person person, ClientId client, ResourceIndicator resource) {
        return true;
      }
    };
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Presented of(String connector, Optional<Person> person) {
    var caller =
        new Caller(
            person.map(one -> one.id().value()).orElse("agent"),
            person,
            new ClientId("desk"),
            Scopes.NONE,
            AuthenticationContext.UNKNOWN,
            Optional.empty());
    return shown.of(
        connector, caller, new Bearing(new Secret("theirs"), Optional.empty(), "request-1"));
  }

  @Test
  void the_secret_of_the_installation() {
    assertThat(of("search", Optional.of(ana)))
        .isEqualTo(new Presented.With(List.of(new Header("X-Api-Key", new Secret("k3y")))));
  }

  @Test
  void nothing_where_nothing_is_configured() {
    assertThat(of("open", Optional.of(ana))).isEqualTo(new Presented.With(List.of()));
  }

  @Test
  void whoever_has_not_connected_their_account_is_told_where() {
    assertThat(of("tracker", Optional.of(ana)))
        .isInstanceOfSatisfying(
            Presented.Missing.class,
            missing -> assertThat(missing.why()).contains("https://id.example/connections"));
    assertThat(of("tracker", Optional.empty())).isInstanceOf(Presented.Missing.class);
  }
}
