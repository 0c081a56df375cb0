package dev.lanyard.benchmarks.gateway;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.accesstoken.AccessTokenClaims;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.app.command.installation.PrivateAuthority;
import dev.lanyard.server.app.command.installation.PrivateAuthority.TlsFiles;
import dev.lanyard.server.catalog.Catalog;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.gateway.Gateway;
import dev.lanyard.server.gateway.GatewayConfig;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.gateway.front.Recording;
import dev.lanyard.server.gateway.front.Recording.Order;
import dev.lanyard.server.gateway.front.Recording.WithoutAudit;
import dev.lanyard.server.gateway.front.UpstreamCredentials;
import dev.lanyard.server.gateway.grade.LibraryNames;
import dev.lanyard.server.gateway.grade.ToolLock;
import dev.lanyard.server.gateway.task.TaskSeal;
import dev.lanyard.server.http.HttpServer;
import dev.lanyard.server.http.StrangerLimits;
import dev.lanyard.server.http.Strangers;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.schedule.Jobs;
import dev.lanyard.server.sessions.SessionStore;
import dev.lanyard.server.token.JdbcDpopReplay;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The gateway before both servers, recording first and beside, with a heap as the launcher gives.
///
/// Its arguments are the ports of the servers.
final class GatewayNode {
  static final String FIRST = "first";
  static final String BESIDE = "beside";
  static final String SLOWER_FIRST = "slower-first";
  static final String SLOWER_BESIDE = "slower-beside";

  /// The token of somebody who may call.
  static final String TOKEN = "token";

  /// The tokens and ids of those who can be switched off.
  static final String TOKEN_OF = "token-of-";

  static final String PERSON = "person-";
  private static final int PEOPLE = 2 * IdleStreams.PEOPLE;

  /// The port of the first gateway where it speaks TLS, and the certificate to trust there.
  static final String SECURE = "secure";

  static final String AUTHORITY = "authority";

  private static final String PLAIN = "plain";
  private static final Issuer RAS = new Issuer("https://ras.example");
  private static final ResourceIndicator ADDRESS =
      new ResourceIndicator("https://gateway.example/mcp");
  private static final Clock CLOCK = Clock.systemUTC();

  private GatewayNode() {}

  public static void main(String[] arguments) throws Exception {
    int prompt = Integer.parseInt(arguments[0]);
    int slower = Integer.parseInt(arguments[1]);
    var folder = Files.createTempDirectory("lanyard-gateway");
    try (var database = Database.open(DatabaseConfig.sqlite(folder.resolve("gateway.db")), CLOCK)) {
      var key = SigningKey.generate(SigningAlgorithm.ES256);
      var directory = Directory.open(database, CLOCK);
      var revocation =
          new Revocation(
              database,
              directory,
              new SessionStore(database, RAS),
              DenySet.following(database),
              Optional.empty(),
              Duration.ofDays(1),
              CLOCK);
      var tls =
          new PrivateAuthority(CLOCK.instant())
              .write(folder.resolve("tls"), List.of(Loopback.NAME));
      var place = new Place(folder, database, directory, revocation.denied(), key, tls);
      try (var first = new Served(place, prompt, Order.FIRST);
          var beside = new Served(place, prompt, Order.BESIDE);
          var slowerFirst = new Served(place, slower, Order.FIRST);
          var slowerBeside = new Served(place, slower, Order.BESIDE)) {
        var told = new HashMap<String, String>();
        told.put(TOKEN, token(key, person(directory, "ana")));
        for (int i = 0; i < PEOPLE; i++) {
          var person = person(directory, "person" + i);
          told.put(PERSON + i, person);
          told.put(TOKEN_OF + i, token(key, person));
        }
        told.put(FIRST, first.port());
        told.put(SECURE, String.valueOf(first.http.port(SECURE)));
        told.put(AUTHORITY, place.tls().authority().toString());
        told.put(BESIDE, beside.port());
        told.put(SLOWER_FIRST, slowerFirst.port());
        told.put(SLOWER_BESIDE, slowerBeside.port());
        Peer.serve(told, person -> switchedOff(revocation, person));
      }
    }
  }

  /// As SCIM does: state, denial, audit record and change in one transaction.
  private static void switchedOff(Revocation revocation, String person) {
    var _ =
        revocation.report(
            Source.of(Source.Kind.SCIM, "benchmark"),
            new Subject.Person(new PersonId(person)),
            Happening.DISABLED,
            "a benchmark",
            "benchmark");
  }

  /// What gateways stand on.
  private record Place(
      Path folder,
      Database database,
      Directory directory,
      DenySet denied,
      SigningKey key,
      TlsFiles tls) {}

  /// A gateway and its listener.
  private static final class Served implements AutoCloseable {
    private final HttpServer http;
    private final Gateway gateway;

    Served(Place place, int port, Order order) throws IOException {
      http =
          HttpServer.bind(
              List.of(Loopback.listener(PLAIN), Loopback.listener(SECURE, place.tls())),
              Loopback.MANY);
      var host = Loopback.NAME + ":" + http.port(SECURE);
      gateway = gateway(place, port, host, new Recording(order, WithoutAudit.STOP));
      http.serve(Map.of(PLAIN, gateway.routes(), SECURE, gateway.routes()));
    }

    String port() {
      return String.valueOf(http.port(PLAIN));
    }

    @Override
    public void close() {
      gateway.close();
      http.close();
    }
  }

  private static String person(Directory directory, String name) {
    var person = new NewPerson("acme", name, Optional.empty(), name, Set.of("engineering"));
    if (!(directory.create(person) instanceof Linking.Created(var created))) {
      throw new IllegalStateException(name + " is there already");
    }
    return created.id().value();
  }

  private static String token(SigningKey key, String person) {
    var now = CLOCK.instant();
    var claims =
        new AccessTokenClaims(RAS, person, new ClientId("desk"), List.of(ADDRESS))
            .scopes(Scopes.of("use"))
            .build("token of " + person, now, now.plus(Duration.ofHours(1)));
    return new JwtSigner(key, AccessToken.TYPE).sign(claims);
  }

  /// @param port of the server
  /// @param host by which its clients know it, too
  private static Gateway gateway(Place place, int port, String host, Recording recording)
      throws IOException {
    var library = Library.watch(library(place.folder()));
    var metadata = new ProtectedResourceMetadata(ADDRESS, RAS, Scopes.of("use"));
    var front =
        new Front(
            "everything",
            metadata,
            Optional.of(new Front.Server.At(URI.create("http://127.0.0.1:" + port + "/mcp"))),
            Front.Bounds.USUAL,
            Set.of(),
            Set.of(host),
            Front.Handling.PLAIN);
    var limits =
        new GatewayLimits(
            new GatewayLimits.Sizes(4096, 4096, 1 << 20),
            new GatewayLimits.Shares(
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                Integer.MAX_VALUE - 1,
                Integer.MAX_VALUE - 1,
                Integer.MAX_VALUE - 1),
            new GatewayLimits.Patience(Duration.ofSeconds(30)),
            new GatewayLimits.Failures(5, Duration.ofSeconds(1)));
    return new Gateway(
        new GatewayConfig(RAS, List.of(front), List.of(), limits, Optional.empty(), recording),
        new Gateway.Ground(
            place.database(),
            new PublicKeySet(List.of(place.key().publicKey())),
            place.directory(),
            place.denied(),
            new JdbcDpopReplay(place.database().groupCommit()),
            new Strangers(StrangerLimits.DEFAULT, CLOCK),
            new Metrics(),
            new Jobs(),
            CLOCK),
        new Gateway.Rules(
            new Policy(library::current),
            new Catalog(library::current),
            ToolLock.GRADES_ONLY,
            UpstreamCredentials.NONE,
            TaskSeal.NONE,
            new LibraryNames(List::of, () -> WhosePeople.EVERYBODY),
            _ -> false),
        Gateway.client(EgressPolicy.strict().exposingLoopback()));
  }

  private static Path library(Path folder) throws IOException {
    var path = Files.createDirectories(folder.resolve("library"));
    Files.writeString(
        path.resolve("library.yaml"),
        """
        connectors:
          everything:
            name: Everything
            category: tests
            authorization_server: %s
            resource: %s
            scopes: [use]
            tools: {echo: public}
        roles:
          engineering:
            groups: [engineering]
            connectors: {everything: [use]}
        """
            .formatted(RAS, ADDRESS));
    return path;
  }
}
