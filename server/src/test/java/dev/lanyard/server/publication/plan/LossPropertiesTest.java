package dev.lanyard.server.publication.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.AccessRequest;
import dev.lanyard.server.policy.Decision.Permit;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.policy.RandomLibraries;
import dev.lanyard.server.policy.WhosePeople;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("thorough")
@DisplayName("Of all grants under one library those end, and no others, that the next one refuses")
class LossPropertiesTest {
  private static final Instant NOW = RandomLibraries.NOW;
  private static final Issuer BROKER = new Issuer("https://broker.example");
  private static final WhosePeople OURS = WhosePeople.of("acme");
  private static final List<AuthenticationContext> SIGN_INS =
      List.of(
          AuthenticationContext.UNKNOWN,
          new AuthenticationContext(Optional.empty(), Optional.of("strong"), List.of()),
          new AuthenticationContext(Optional.of(NOW), Optional.empty(), List.of()),
          new AuthenticationContext(Optional.of(NOW), Optional.of("strong"), List.of()));

  @TempDir Path folder;

  /// A grant, and the request that it answers.
  private record Given(String id, Person person, AccessRequest asked, Scopes scopes, int signIn) {}

  @Test
  void for_random_libraries_and_people() throws IOException {
    var registry = ClientRegistry.open(clients());
    var clock = Clock.fixed(NOW, ZoneOffset.UTC);
    int ended = 0;
    int living = 0;
    try (var database = Database.open(TestDatabases.sqlite(folder), clock)) {
      var directory = Directory.open(database, clock);
      people(directory, new Random(7));
      var losses = new Losses(directory, database, BROKER, registry::all, () -> OURS, clock);
      for (int round = 0; round < 60; round++) {
        var libraries = new RandomLibraries(900 + round);
        var before = libraries.library();
        var after = libraries.library();
        var given = given(before, directory);
        boolean _ = database.write(connection -> issue(connection, given));
        var refused = new HashSet<String>();
        var losers = new HashSet<String>();
        var policy = new Policy(() -> after);
        for (var one : given) {
          if (!isGiven(policy, after, one)) {
            refused.add(one.id());
            losers.add(one.person().id().value());
          }
        }

        var loss = losses.between(before, after);

        assertThat(Set.copyOf(loss.grants())).isEqualTo(refused);
        assertThat(loss.people()).extracting(id -> id.value()).containsAll(losers);
        ended += refused.size();
        living += given.size() - refused.size();
      }
    }
    assertThat(ended).isPositive();
    assertThat(living).isPositive();
  }

  private Path clients() throws IOException {
    var text = new StringBuilder("clients:\n");
    for (int i = 0; i < 3; i++) {
      text.append(
          "  - {id: client%d, authentication: [none], grants: [refresh_token]}\n".formatted(i));
    }
    return Files.writeString(folder.resolve("clients.yaml"), text);
  }

  private static void people(Directory directory, Random random) {
    for (int i = 0; i < 8; i++) {
      var groups = new HashSet<String>();
      for (int group = 0; group < 5; group++) {
        if (random.nextInt(3) == 0) {
          groups.add("g" + group);
        }
      }
      var person = new NewPerson("acme", "p" + i, Optional.empty(), "P", groups);
      assertThat(directory.create(person)).isInstanceOf(Linking.Created.class);
    }
  }

  private static List<Given> given(Library before, Directory directory) {
    var policy = new Policy(() -> before);
    var given = new ArrayList<Given>();
    for (var person : directory.all()) {
      for (var connector : before.connectors()) {
        for (int i = 0; i < SIGN_INS.size(); i++) {
          var asked =
              AccessRequest.forAllOf(
                  connector,
                  OURS.member(person),
                  new ClientId("client" + given.size() % 3),
                  SIGN_INS.get(i),
                  NOW);
          if (policy.decide(asked) instanceof Permit permit) {
            var id = "grant-" + given.size();
            given.add(new Given(id, person, asked, permit.scopes(), i));
          }
        }
      }
    }
    return given;
  }

  /// The same connector, wherever it has moved to.
  private static boolean isGiven(Policy policy, Library after, Given one) {
    var resource = one.asked().resources().getFirst();
    return after.connectors().stream()
        .filter(connector -> connector.resource().equals(resource))
        .findFirst()
        .map(connector -> again(connector, one))
        .map(policy::decide)
        .filter(Permit.class::isInstance)
        .map(Permit.class::cast)
        .filter(permit -> permit.scopes().containsAll(one.scopes()))
        .isPresent();
  }

  private static AccessRequest again(Connector connector, Given one) {
    return new AccessRequest(
        one.asked().member(),
        one.asked().client(),
        connector.authorizationServer(),
        one.asked().resources(),
        one.scopes(),
        one.asked().authentication(),
        NOW);
  }

  private static boolean issue(Connection connection, List<Given> given) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("DELETE FROM ras_grant");
      statement.execute("DELETE FROM session");
    }
    try (var grant =
            connection.prepareStatement(
                "INSERT INTO ras_grant (id, organisation, issuer, assertion_id, person, client,"
                    + " resources, scopes, issued_at, expires_at, session, issuer_client)"
                    + " VALUES (?, 'acme', ?, ?, ?, 'there', ?, ?, ?, ?, ?, ?)");
        var session =
            connection.prepareStatement(
                "INSERT INTO session (id, server, secret_hash, person, created_at, expires_at, auth_time, acr, amr)"
                    + " VALUES (?, 'broker', ?, ?, ?, ?, ?, ?, '')")) {
      for (var one : given) {
        var signIn = SIGN_INS.get(one.signIn());
        session.setString(1, "session-" + one.id());
        session.setString(2, one.id());
        session.setString(3, one.person().id().value());
        session.setLong(4, NOW.toEpochMilli());
        session.setLong(5, NOW.plusSeconds(900).toEpochMilli());
        session.setNull(6, Types.BIGINT);
        if (signIn.time().isPresent()) {
          session.setLong(6, signIn.time().get().toEpochMilli());
        }
        session.setNull(7, Types.VARCHAR);
        if (signIn.contextClass().isPresent()) {
          session.setString(7, signIn.contextClass().get());
        }
        session.executeUpdate();
        grant.setString(1, one.id());
        grant.setString(2, BROKER.value());
        grant.setString(3, one.id());
        grant.setString(4, one.person().id().value());
        grant.setString(5, one.asked().resources().getFirst().value());
        grant.setString(6, one.scopes().toString());
        grant.setLong(7, NOW.toEpochMilli());
        grant.setLong(8, NOW.plusSeconds(900).toEpochMilli());
        grant.setString(9, "session-" + one.id());
        grant.setString(10, one.asked().client().value());
        grant.executeUpdate();
      }
      return true;
    }
  }
}
