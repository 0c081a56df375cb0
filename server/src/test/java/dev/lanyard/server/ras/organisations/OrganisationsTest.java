package dev.lanyard.server.ras.organisations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Assertions;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("SEC-13, RAS-4, RAS-20: two organisations at one resource authorization server")
class OrganisationsTest {
  @TempDir Path folder;
  @TempDir Path neighboursFolder;
  private Pair neighbour;
  private Pair pair;
  private Person alice;
  private Person neighboursAlice;

  @BeforeEach
  void start() {
    neighbour = Pair.start(Setup.usual(neighboursFolder), neighboursFolder);
    pair = Pair.start(Setup.usual(folder).serving(neighbour.broker()), folder);
    alice = pair.person("alice", "engineering");
    neighboursAlice = created("alice");
  }

  @AfterEach
  void stop() {
    pair.close();
    neighbour.close();
  }

  /// A person of the neighbour in the directory of the resource authorization server.
  private Person created(String userName) {
    var person =
        new NewPerson(
            World.NEIGHBOUR,
            userName,
            Optional.of(userName + "@" + World.NEIGHBOURS_DOMAIN),
            userName,
            Set.of());
    if (!(pair.directory.create(person) instanceof Linking.Created(var created))) {
      throw new AssertionError("not created: " + userName);
    }
    return created;
  }

  /// What the neighbour's identity provider says of its alice; a test changes one thing of it.
  private JsonObject.Builder claims() {
    return new Assertions(neighbour, "alice")
        .claims(World.LINEAR, "issues.read")
        .put("aud", pair.ras().value())
        .put("email", "alice@" + World.NEIGHBOURS_DOMAIN);
  }

  private Answer redeemed(JsonObject.Builder claims) {
    return new Desk(pair).redeem(new Assertions(neighbour, "alice").signed(claims.build()));
  }

  private void assertNobody(JsonObject.Builder claims) {
    var answer = redeemed(claims);
    assertThat(answer.text("error")).as(answer.body()).isEqualTo("invalid_grant");
    assertThat(pair.audit(answer.text("correlation_id"))).doesNotContain("found_by");
  }

  private String subjectOf(Answer answer) {
    return new Desk(pair).introspect(answer.text("access_token"), "linear-server").text("sub");
  }

  @Test
  void have_people_of_their_own_also_under_one_name() {
    assertThat(subjectOf(redeemed(claims()))).isEqualTo(neighboursAlice.id().value());
    var own = new Assertions(pair, "alice");
    var answer = new Desk(pair).redeem(own.signed(own.claims(World.LINEAR, "issues.read").build()));
    assertThat(subjectOf(answer)).isEqualTo(alice.id().value());
  }

  @Test
  void cannot_name_each_others_people() {
    assertNobody(claims().put("email", "alice@" + World.DOMAIN));
    assertNobody(claims().put("aud_sub", alice.id().value()));
    assertNobody(
        claims().put("sub", alice.id().value()).put("email", "nobody@" + World.NEIGHBOURS_DOMAIN));
  }

  @Test
  void cannot_speak_for_each_others_tenant() {
    assertNobody(claims().put("aud_tenant", "acme-tenant"));
    assertThat(redeemed(claims().put("aud_tenant", "globex-tenant")).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("RAS-4: nor sign with each other's keys")
  void cannot_sign_for_each_other() {
    var own = new Assertions(pair, "alice");
    var signedByUs = own.signed(claims().build());
    assertThat(new Desk(pair).redeem(signedByUs).text("error")).isEqualTo("invalid_grant");
    var claims = own.claims(World.LINEAR, "issues.read");
    var signedByNeighbour = new Assertions(neighbour, "alice").signed(claims.build());
    assertThat(new Desk(pair).redeem(signedByNeighbour).text("error")).isEqualTo("invalid_grant");
  }

  @Test
  @DisplayName("RAS-8: the same jti of two issuers is two")
  void have_replay_records_of_their_own() {
    var own = new Assertions(pair, "alice");
    var claims = own.claims(World.LINEAR, "issues.read").put("jti", "one").build();
    assertThat(new Desk(pair).redeem(own.signed(claims)).status()).isEqualTo(200);
    assertThat(redeemed(claims().put("jti", "one")).status()).isEqualTo(200);
    assertThat(redeemed(claims().put("jti", "one")).text("error")).isEqualTo("invalid_grant");
  }

  @Test
  void lose_people_one_by_one() {
    pair.happened(alice, Happening.DISABLED);
    assertThat(redeemed(claims()).status()).isEqualTo(200);
  }
}
