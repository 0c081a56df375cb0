package dev.lanyard.server.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.TestClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("TOK-9: what is too long to be a secret of ours is not looked for")
class ImpossibleTokensTest {
  private static final Issuer SERVER = new Issuer("https://broker.example");
  private static final ClientId CLIENT = new ClientId("one");
  private static final Secret LONG = new Secret("a".repeat(200_000));

  @TempDir private Path folder;

  private static Map<String, Function<Secret, Object>> lookUps(Database database) {
    var now = Instant.EPOCH;
    var pushed = new PushedRequestStore(database, SERVER);
    var begun = new PushedRequestStore.Begun(new Secret("b"), now);
    var refresh = new RefreshTokenStore(database, SERVER);
    var all = new LinkedHashMap<String, Function<Secret, Object>>();
    all.put("session", new SessionStore(database, SERVER)::find);
    all.put("code", new AuthorizationCodeStore(database, SERVER)::find);
    all.put("refresh token", refresh::find);
    all.put("succession", refresh::succession);
    all.put("access token", new OpaqueTokenStore(database, SERVER)::find);
    all.put("state", new UpstreamSignInStore(database, SERVER)::take);
    all.put("pushed", secret -> pushed.begin(secret, CLIENT, begun, now));
    all.put("begun", secret -> pushed.begun(secret, CLIENT, now));
    return all;
  }

  @Test
  void by_any_store() {
    var database = Database.open(TestDatabases.sqlite(folder), new TestClock());
    var lookUps = lookUps(database);
    database.close();
    lookUps.forEach((name, lookUp) -> {
      assertThat(lookUp.apply(LONG).toString()).as(name).isIn("Optional.empty", "false");
      assertThatThrownBy(() -> lookUp.apply(OpaqueToken.secret()))
          .as(name + ": of a closed database")
          .isInstanceOf(RuntimeException.class);
    });
  }

  @Test
  void those_that_are_made_here_are_short_enough_with_every_word_in_front() {
    var longest = new Secret("lanyard_invitation_" + OpaqueToken.secret().reveal());

    assertThat(OpaqueToken.isPossible(longest)).isTrue();
    assertThat(OpaqueToken.isPossible(new Secret("a".repeat(129)))).isFalse();
  }
}
