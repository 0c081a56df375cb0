package dev.lanyard.server.scim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What Okta and Entra send, step by step, as their guides describe it.
@DisplayName("Requirements 10.2 and 10.3: what Entra and Okta really send")
class GoldenTest {
  @TempDir Path folder;
  private Pair pair;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private boolean isActive(String id) {
    return pair.directory.person(new PersonId(id)).orElseThrow().active();
  }

  @Nested
  @DisplayName("Okta")
  class Okta {
    private Provider okta;

    @BeforeEach
    void connect() {
      okta = new Provider(pair, "okta");
    }

    @Test
    void SCIM_O1_tests_the_connection_and_looks_for_people() {
      var test = okta.get("/Users?startIndex=1&count=2");
      assertThat(test.status()).isEqualTo(200);
      assertThat(test.number("totalResults")).isZero();
      assertThat(test.body()).contains("\"Resources\":[]");
      assertThat(test.header("Content-Type")).isEqualTo("application/scim+json");
      okta.create("ana@acme.example");
      var found =
          okta.get("/Users?filter=userName%20eq%20%22ana@acme.example%22&startIndex=1&count=100");
      assertThat(found.number("totalResults")).isEqualTo(1);
      assertThat(found.number("startIndex")).isEqualTo(1);
      assertThat(found.number("itemsPerPage")).isEqualTo(1);
      assertThat(okta.get("/Groups?startIndex=1&count=100").status()).isEqualTo(200);
    }

    @Test
    void SCIM_O2_creates_somebody_with_a_password_and_groups_that_we_do_not_take() {
      var created =
          okta.post(
              "/Users",
              """
              {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
               "userName": "test.user@okta.local",
               "name": {"givenName": "Test", "familyName": "User"},
               "emails": [{"primary": true, "value": "test.user@okta.local", "type": "work"}],
               "displayName": "Test User", "locale": "en-US", "externalId": "00ujl29u0le5T6Aj10h7",
               "groups": [], "password": "1mz050nq", "active": true}
              """);
      assertThat(created.status()).as(created.body()).isEqualTo(201);
      assertThat(created.header("Location"))
          .isEqualTo(pair.broker().value() + "/scim/v2/Users/" + created.id());
      assertThat(created.body()).doesNotContain("password", "1mz050nq");
      assertThat(okta.get("/Users/" + created.id()).body()).doesNotContain("1mz050nq");
      assertThat(created.text("externalId")).isEqualTo("00ujl29u0le5T6Aj10h7");
      assertThat(created.json().flag("active")).contains(true);
    }

    @Test
    void SCIM_O3_changes_a_profile_by_GET_then_PUT_and_disables_by_PUT() {
      var id = okta.create("ana@acme.example");
      var whole = okta.get("/Users/" + id).json();
      var replaced = okta.put("/Users/" + id, ScimJson.writeText(whole.with("title", "Lead")));
      assertThat(replaced.status()).as(replaced.body()).isEqualTo(200);
      assertThat(replaced.text("title")).isEqualTo("Lead");
      var off = okta.put("/Users/" + id, ScimJson.writeText(whole.with("active", false)));
      assertThat(off.json().flag("active")).contains(false);
      assertThat(off.text("title")).as("SCIM-9: what PUT omits stays").isEqualTo("Lead");
      assertThat(isActive(id)).isFalse();
    }

    @Test
    void SCIM_O4_O5_SCIM_10_deactivates_and_the_person_stays_visible() {
      var id = okta.create("ana@acme.example");
      okta.patch("/Users/" + id, "{\"op\": \"replace\", \"value\": {\"active\": false}}");
      assertThat(isActive(id)).isFalse();
      assertThat(okta.find("/Users", "userName eq \"ana@acme.example\"").number("totalResults"))
          .isEqualTo(1);
      assertThat(okta.get("/Users/" + id).json().flag("active")).contains(false);
      // Okta never does; whoever does finds nobody any more.
      assertThat(okta.delete("/Users/" + id).status()).isEqualTo(204);
      assertThat(okta.get("/Users/" + id).status()).isEqualTo(404);
      assertThat(okta.delete("/Users/" + id).status()).isEqualTo(404);
      assertThat(okta.find("/Users", "userName eq \"ana@acme.example\"").number("totalResults"))
          .isZero();
    }

    @Test
    void SCIM_O6_O7_O8_pushes_a_group() {
      var ana = okta.create("ana@acme.example");
      var bob = okta.create("bob@acme.example");
      var group = okta.group("team-a");
      var both =
          "[{\"value\": \"%s\", \"display\": \"ana\"}, {\"value\": \"%s\"}]".formatted(ana, bob);
      var renamed =
          okta.patch(
              "/Groups/" + group,
              """
              {"op": "replace", "value": {"id": "%s", "displayName": "team-b"}},
              {"op": "replace", "path": "members", "value": %s}
              """
                  .formatted(group, both));
      assertThat(renamed.status()).as(renamed.body()).isEqualTo(204);
      assertThat(okta.members(group)).containsExactlyInAnyOrder(ana, bob);
      assertThat(pair.directory.person(new PersonId(ana)).orElseThrow().groups())
          .containsExactly("team-b");
      var remove = "{\"op\": \"remove\", \"path\": \"members[value eq \\\"" + ana + "\\\"]\"}";
      var beside = "{\"op\": \"replace\", \"path\": \"description\", \"value\": \"x\"}";
      assertThat(okta.patch("/Groups/" + group, remove + "," + beside).status())
          .as("beside an attribute that groups do not have here")
          .isEqualTo(204);
      assertThat(okta.patch("/Groups/" + group, remove).status()).as("again").isEqualTo(204);
      assertThat(okta.members(group)).containsExactly(bob);
      var add =
          "{\"op\": \"add\", \"path\": \"members\", \"value\": [{\"value\": \"" + ana + "\"}]}";
      assertThat(okta.patch("/Groups/" + group, add).status()).isEqualTo(204);
      assertThat(okta.delete("/Groups/" + group).status()).isEqualTo(204);
      assertThat(okta.get("/Groups/" + group).status()).isEqualTo(404);
      assertThat(pair.directory.person(new PersonId(ana)).orElseThrow().groups()).isEmpty();
    }
  }

  @Nested
  @DisplayName("Entra")
  class Entra {
    private Provider entra;

    @BeforeEach
    void connect() {
      entra = new Provider(pair, "entra");
    }

    @Test
    void SCIM_E7_tests_the_connection_with_somebody_who_cannot_be() {
      for (var path : List.of("/Users", "/Groups")) {
        var name = path.equals("/Users") ? "userName" : "displayName";
        var found = entra.find(path, name + " eq \"non-existent-7c1\"");
        assertThat(found.status()).isEqualTo(200);
        assertThat(found.number("totalResults")).isZero();
        assertThat(found.body()).contains("\"Resources\":[]");
      }
    }

    @Test
    void creates_and_matches_somebody() {
      var created =
          entra.post(
              "/Users",
              """
              {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User",
                           "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
               "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
               "userName": "Test_User_ab6490ee", "active": true, "displayName": "BobIsAmazing",
               "emails": [{"primary": true, "type": "work", "value": "bob@acme.example"}],
               "meta": {"resourceType": "User"},
               "name": {"formatted": "givenName familyName", "familyName": "familyName",
                        "givenName": "givenName"},
               "roles": [],
               "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":
                 {"employeeNumber": "7", "manager": "m1"}}
              """);
      assertThat(created.status()).as(created.body()).isEqualTo(201);
      assertThat(created.body()).contains("\"manager\":{\"value\":\"m1\"}");
      for (var filter :
          List.of(
              "userName eq \"test_user_AB6490EE\"",
              "externalId eq \"0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef\"",
              "emails[type eq \"work\"].value eq \"Bob@acme.example\"",
              "userName eq Test_User_ab6490ee")) {
        assertThat(entra.find("/Users", filter).number("totalResults")).as(filter).isEqualTo(1);
      }
    }

    @Test
    void SCIM_E1_E2_disables_with_a_capital_letter_and_a_string_and_finds_the_person_again() {
      var id = entra.create("ana@acme.example");
      var off =
          entra.patch(
              "/Users/" + id, "{\"op\": \"Replace\", \"path\": \"active\", \"value\": \"False\"}");
      assertThat(off.status()).as(off.body()).isEqualTo(200);
      assertThat(isActive(id)).isFalse();
      var found = entra.find("/Users", "userName eq \"ana@acme.example\"");
      assertThat(found.resources().getFirst().flag("active")).contains(false);
      assertThat(entra.delete("/Users/" + id).status()).as("SCIM-E10").isEqualTo(204);
      assertThat(entra.find("/Users", "userName eq \"ana@acme.example\"").number("totalResults"))
          .isZero();
    }

    @Test
    void SCIM_E3_E6_keeps_a_group() {
      var ana = entra.create("ana@acme.example");
      var bob = entra.create("bob@acme.example");
      var created =
          entra.post(
              "/Groups",
              """
              {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group",
                 "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
               "externalId": "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159", "displayName": "team-x",
               "meta": {"resourceType": "Group"}}
              """);
      assertThat(created.status()).as(created.body()).isEqualTo(201);
      var group = created.id();
      for (var member : List.of(ana, bob)) {
        var add =
            "{\"op\": \"Add\", \"path\": \"members\", \"value\": [{\"$ref\": null, \"value\": \""
                + member
                + "\"}]}";
        assertThat(entra.patch("/Groups/" + group, add).status()).isEqualTo(204);
      }
      assertThat(
              entra
                  .find("/Groups", "id eq \"" + group + "\" and members eq \"" + ana + "\"")
                  .number("totalResults"))
          .isEqualTo(1);
      var remove =
          "{\"op\": \"Remove\", \"path\": \"members\", \"value\": [{\"$ref\": null, \"value\": \""
              + ana
              + "\"}]}";
      assertThat(entra.patch("/Groups/" + group, remove).status()).isEqualTo(204);
      assertThat(entra.members(group)).as("only that one").containsExactly(bob);
      var found =
          entra.get("/Groups?excludedAttributes=members&filter=displayName%20eq%20%22TEAM-X%22");
      assertThat(found.resources()).hasSize(1);
      assertThat(found.body()).as("SCIM-7").doesNotContain("members");
      var rename = "{\"op\": \"Replace\", \"path\": \"displayName\", \"value\": \"team-y\"}";
      assertThat(entra.patch("/Groups/" + group, rename).status()).isEqualTo(204);
      assertThat(pair.directory.person(new PersonId(bob)).orElseThrow().groups())
          .containsExactly("team-y");
    }

    @Test
    void SCIM_E11_a_stream_with_and_without_the_flag_is_understood_request_by_request() {
      var id = entra.create("ana@acme.example");
      var shapes =
          List.of(
              "{\"op\": \"Replace\", \"path\": \"active\", \"value\": \"False\"}",
              "{\"op\": \"replace\", \"path\": \"active\", \"value\": true}",
              "{\"op\": \"replace\", \"value\": {\"active\": false}}",
              "{\"op\": \"Add\", \"path\": \"active\", \"value\": \"True\"}");
      for (int i = 0; i < shapes.size(); i++) {
        pair.clock.advance(Duration.ofSeconds(1));
        assertThat(entra.patch("/Users/" + id, shapes.get(i)).status()).isEqualTo(200);
        assertThat(isActive(id)).as(shapes.get(i)).isEqualTo(i % 2 == 1);
      }
    }

    @Test
    void the_flag_in_the_address_changes_nothing() {
      entra.create("ana@acme.example");
      var found = entra.get("/Users?aadOptscim062020&filter=userName+eq+%22ana@acme.example%22");
      assertThat(found.number("totalResults")).as(found.body()).isEqualTo(1);
    }

    @Test
    void SCIM_E12_the_schemas_are_a_list_without_null() {
      var schemas = entra.get("/Schemas");
      assertThat(schemas.status()).isEqualTo(200);
      assertThat(schemas.number("totalResults")).isEqualTo(3);
      assertThat(schemas.body()).doesNotContain("null");
    }
  }
}
