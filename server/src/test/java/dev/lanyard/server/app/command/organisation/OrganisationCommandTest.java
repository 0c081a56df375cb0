package dev.lanyard.server.app.command.organisation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.app.Installed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("lanyard organisation")
class OrganisationCommandTest {
  @TempDir Path folder;
  private Installed installed;

  @BeforeEach
  void install() throws IOException {
    installed = Installed.in(folder.resolve("set-up"));
  }

  private Installed.Ran organisation(String... arguments) {
    return installed.here("organisation", arguments);
  }

  private String good(String... arguments) {
    var ran = organisation(arguments);
    assertThat(ran.exit()).as(ran.err()).isZero();
    return ran.out();
  }

  @Test
  void invites_limits_suspends_and_removes() throws IOException, MalformedException {
    assertThat(organisation("invite", "acme").err()).contains("ras.enrolment.enabled");
    installed.enrols();
    var made = good("invite", "acme", "--domain", "acme.example", "--scope", "a,b", "--json");
    var json = JsonObject.parse(made.strip());
    assertThat(json.string("code").orElseThrow()).startsWith("lanyard_invitation_");
    assertThat(json.string("page").orElseThrow()).endsWith("/organisation");
    assertThat(good("list")).contains("acme", "invited", "configured");
    var shown = good("show", "acme");
    assertThat(shown).contains("\"scopes\" : \"a b\"").doesNotContain("lanyard_invitation_");
    assertThat(good("limit", "acme", "--scopes", "a", "--clients", "x"))
        .contains("\"scopes\":\"a\"");
    assertThat(good("limit", "acme", "--scopes", "")).doesNotContain("scopes\"").contains("\"x\"");
    assertThat(good("vouch", "acme", "mail.acme.example")).contains("counts");
    assertThat(good("remove-domain", "acme", "Mail.ACME.example")).contains("counts no more");
    assertThat(good("show", "acme")).doesNotContain("mail.acme.example");
    assertThat(organisation("remove-domain", "acme", "mail.acme.example").err())
        .contains("no domain of acme");
    assertThat(good("suspend", "acme")).contains("suspended");
    assertThat(good("resume", "acme")).contains("invited");
    assertThat(good("invite", "acme", "--again")).contains("code  lanyard_invitation_");
    assertThat(organisation("remove", "acme").err()).contains("--yes-i-mean acme");
    assertThat(good("remove", "acme", "--yes-i-mean", "acme")).contains("removed");
    assertThat(organisation("show", "acme").err()).contains("organisation list");
  }

  @Test
  @DisplayName("Another code is good for a day, whatever the invitation was: nothing else is taken")
  void another_code_takes_no_rules() throws IOException {
    installed.enrols();
    good("invite", "acme", "--domain", "acme.example");
    for (var more :
        new String[][] {
          {"--valid", "7d"},
          {"--domain", "other.example"},
          {"--vouch-domain", "other.example"},
          {"--scope", "a"},
          {"--client", "x"},
          {"--tenant", "t"}
        }) {
      var ran = organisation("invite", "acme", "--again", more[0], more[1]);
      assertThat(ran.exit()).as(more[0]).isEqualTo(2);
      assertThat(ran.err()).contains("leave out " + more[0], "Nothing was done");
    }
    assertThat(good("show", "acme")).doesNotContain("other.example");
  }

  @Test
  void says_what_is_wrong() throws IOException {
    installed.enrols();
    assertThat(organisation("invite", "example").err()).contains("choose another name");
    assertThat(organisation("invite", "No Name").err()).contains("a-z");
    assertThat(organisation("invite", "acme", "--domain", "аcme.example").err())
        .contains("nothing was changed");
    assertThat(organisation("suspend", "example").err()).contains("configuration file");
    assertThat(organisation("issuer", "example", "x").err()).contains("issuer");
    assertThat(organisation("match", "example", "none.csv").err()).contains("none.csv");
  }

  @Test
  void tells_before_anybody_tries_who_would_come_in() throws IOException, MalformedException {
    assertThat(
            installed
                .typing(
                    "a password that is long",
                    "person",
                    "add",
                    "ana@example.com",
                    "-c",
                    installed.configuration().toString())
                .exit())
        .isZero();
    installed.replace(
        "        - issuer: https://localhost:", "        - issuer: https://idp.example:");
    var file = folder.resolve("people.csv");
    Files.writeString(
        file, "sub,email\ns-1,ana@example.com\ns-2,new@example.com\ns-3,ana@example.com\n");
    var told = good("match", "example", file.toString());
    assertThat(told)
        .startsWith("2 of 3 people match at example through https://idp.example:")
        .contains("0 are known, 1 are found, 1 are created", "line 4", "line 2 is the same");
    var json = JsonObject.parse(good("match", "example", file.toString(), "--json").strip());
    assertThat(json.integer("match")).contains(2L);
  }

  @Test
  @DisplayName(
      "decision 0022: an ID-JAG of this broker that proves it elsewhere and is worth nothing")
  void proves_its_own_broker_elsewhere() throws MalformedException {
    var jwt = UnverifiedJwt.parse(good("prove", "--at", "https://ras.example", "value-1").strip());
    assertThat(jwt.unverifiedType()).contains("oauth-id-jag+jwt");
    var claims = jwt.unverifiedClaims().all();
    assertThat(claims.string("jti")).contains("value-1");
    assertThat(claims.string("aud")).contains("https://ras.example");
    assertThat(claims.string("client_id")).contains("lanyard-challenge");
  }
}
