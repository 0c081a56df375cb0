package dev.lanyard.server.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 7644 §3.5.2 Modifying with PATCH (SCIM-8)")
class PatchTest {
  private static final String ENTERPRISE =
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
  private static final String ANA =
      """
      {"userName": "ana", "active": true, "title": "Engineer",
       "name": {"familyName": "Abel", "givenName": "Ana"},
       "emails": [{"value": "ana@acme.example", "type": "work", "primary": true},
                  {"value": "ana@home.example", "type": "home"}],
       "%s": {"department": "Tools"}}
      """
          .formatted(ENTERPRISE);

  private static Value.Complex patched(Compatibility compatibility, String operations)
      throws ScimRefusal {
    var request = PatchRequest.of(ScimJson.readOwn(Provider.patchBody(operations)));
    return new Patch(ResourceType.USER, compatibility).apply(request, ScimJson.readOwn(ANA));
  }

  private static String shown(Compatibility compatibility, String operations) throws ScimRefusal {
    return ScimJson.writeText(patched(compatibility, operations));
  }

  private static ScimRefusal refusal(Compatibility compatibility, String operations) {
    try {
      throw new AssertionError(shown(compatibility, operations));
    } catch (ScimRefusal refusal) {
      return refusal;
    }
  }

  @Nested
  @DisplayName("What disables a person, in whatever shape")
  class Disabling {
    @ParameterizedTest
    @ValueSource(
        strings = {
          // SCIM-O4
          "{\"op\": \"replace\", \"value\": {\"active\": false}}",
          // SCIM-E1, SCIM-E2
          "{\"op\": \"Replace\", \"path\": \"active\", \"value\": \"False\"}",
          "{\"op\": \"Add\", \"path\": \"active\", \"value\": \"False\"}",
          "{\"op\": \"replace\", \"path\": \"active\", \"value\": false}",
          "{\"op\": \"REPLACE\", \"path\": \"ACTIVE\", \"value\": \"false\"}",
          "{\"op\": \"replace\", \"value\": {\"Active\": \"False\"}}",
          "{\"op\": \"replace\", \"path\":"
              + " \"urn:ietf:params:scim:schemas:core:2.0:User:active\", \"value\": false}",
          "{\"op\": \"replace\", \"value\":"
              + " {\"urn:ietf:params:scim:schemas:core:2.0:User:active\": false}}",
          "{\"op\": \"replace\", \"path\": \"active\", \"value\": [false]}",
        })
    void every_shape(String operation) throws ScimRefusal {
      for (var compatibility :
          List.of(Compatibility.GENERIC, Compatibility.OKTA, Compatibility.ENTRA)) {
        assertThat(patched(compatibility, operation).flag("active")).as(operation).contains(false);
      }
    }

    @ParameterizedTest
    @DisplayName("What is not in the schema is overlooked beside it, also with a path")
    @ValueSource(
        strings = {
          "\"Add\", \"path\": \"urn:ietf:params:scim:schemas:extension:Own:2.0:User:badge\"",
          "\"Add\", \"path\":"
              + " \"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:badge\"",
          "\"Replace\", \"path\": \"favouriteColour\"",
          "\"Replace\", \"path\": \"favouriteColours[type eq \\\"work\\\"].value\"",
          "\"Add\", \"path\": \"phoneNumbers[type eq \\\"mobile\\\"].foo\"",
        })
    void beside_what_is_not_known(String other) throws ScimRefusal {
      var operations =
          "{\"op\": \"Replace\", \"path\": \"active\", \"value\": \"False\"}, {\"op\": "
              + other
              + ", \"value\": \"7\"}";
      for (var compatibility :
          List.of(Compatibility.GENERIC, Compatibility.OKTA, Compatibility.ENTRA)) {
        assertThat(patched(compatibility, operations).flag("active")).contains(false);
      }
      var strict = operations.replace("\"False\"", "false");
      assertThat(refusal(Compatibility.INTEROP_STRICT, strict).type())
          .isEqualTo(ScimRefusal.Type.INVALID_PATH);
    }

    @Test
    @DisplayName("RFC 7643 §2.5: what is replaced by null has no value any more")
    void beside_null() throws ScimRefusal {
      var operations =
          """
          {"op": "Replace", "path": "title", "value": null},
          {"op": "Replace", "path": "active", "value": false}
          """;
      var ana = patched(Compatibility.ENTRA, operations);

      assertThat(ana.flag("active")).contains(false);
      assertThat(ana.get("title")).isEmpty();
      assertThat(refusal(Compatibility.ENTRA, "{\"op\": \"add\", \"path\": \"title\"}").type())
          .isEqualTo(ScimRefusal.Type.INVALID_SYNTAX);
    }

    @Test
    void what_is_no_boolean_is_refused() {
      for (var value : List.of("\"no\"", "\"\"", "0", "{}", "[true, false]")) {
        var operation = "{\"op\": \"replace\", \"path\": \"active\", \"value\": " + value + "}";
        assertThat(refusal(Compatibility.ENTRA, operation).status()).as(value).isEqualTo(400);
      }
    }

    @Test
    void it_cannot_be_left_open() {
      assertThat(refusal(Compatibility.ENTRA, "{\"op\": \"remove\", \"path\": \"active\"}").type())
          .isEqualTo(ScimRefusal.Type.MUTABILITY);
    }
  }

  @Nested
  @DisplayName("What Entra sends")
  class Entra {
    @Test
    void SCIM_E4_names_with_dots_and_URNs_are_paths() throws ScimRefusal {
      var ana =
          patched(
              Compatibility.ENTRA,
              """
              {"op": "replace", "value": {"name.givenName": "Anna",
               "emails[type eq \\"work\\"].value": "anna@acme.example",
               "%1$s:employeeNumber": "1", "%1$s:manager": "m1"}}
              """
                  .formatted(ENTERPRISE));
      assertThat(ScimJson.writeText(ana))
          .contains(
              "\"givenName\":\"Anna\"",
              "\"familyName\":\"Abel\"",
              "\"value\":\"anna@acme.example\",\"type\":\"work\"",
              "\"department\":\"Tools\",\"employeeNumber\":\"1\"",
              "\"manager\":{\"value\":\"m1\"}");
    }

    @Test
    void SCIM_E5_a_value_that_is_missing_is_made() throws ScimRefusal {
      var operation =
          """
          {"op": "Replace", "path": "phoneNumbers[type eq \\"mobile\\"].value", "value": "1"}
          """;
      assertThat(shown(Compatibility.ENTRA, operation))
          .contains("\"phoneNumbers\":[{\"type\":\"mobile\",\"value\":\"1\"}]");
      assertThat(refusal(Compatibility.GENERIC, operation).type())
          .isEqualTo(ScimRefusal.Type.NO_TARGET);
    }

    @Test
    void SCIM_E8_a_manager_or_a_role_is_its_value() throws ScimRefusal {
      var operations =
          """
          {"op": "Add", "path": "%s:manager", "value": "m1"},
          {"op": "Add", "path": "roles", "value": "auditor"},
          {"op": "Add", "path": "entitlements", "value": []}
          """
              .formatted(ENTERPRISE);
      assertThat(shown(Compatibility.ENTRA, operations))
          .contains("\"manager\":{\"value\":\"m1\"}", "\"roles\":[{\"value\":\"auditor\"}]")
          .doesNotContain("entitlements");
    }

    @Test
    void SCIM_E9_one_value_comes_without_a_list() throws ScimRefusal {
      var operation =
          """
          {"op": "Add", "path": "phoneNumbers", "value": {"value": "1", "type": "work"}}
          """;
      assertThat(shown(Compatibility.ENTRA, operation))
          .contains("\"phoneNumbers\":[{\"value\":\"1\",\"type\":\"work\"}]");
    }

    @Test
    void SCIM_E3_values_to_remove_come_as_a_list() throws ScimRefusal {
      var operation =
          """
          {"op": "Remove", "path": "emails", "value": [{"value": "ana@home.example", "$ref": null}]}
          """;
      assertThat(patched(Compatibility.ENTRA, operation).complexes("emails")).hasSize(1);
    }
  }

  @Nested
  @DisplayName("What the specification says")
  class Semantics {
    @Test
    void add_appends_replace_replaces_remove_removes() throws ScimRefusal {
      var work = "{\"value\": \"2\", \"type\": \"work\"}";
      var added = "{\"op\": \"add\", \"path\": \"phoneNumbers\", \"value\": [" + work + "]}";
      assertThat(patched(Compatibility.GENERIC, added + "," + added).complexes("phoneNumbers"))
          .as("none twice")
          .hasSize(1);
      var replaced =
          "{\"op\": \"replace\", \"path\": \"emails\", \"value\": [{\"value\": \"x@y.z\"}]}";
      assertThat(patched(Compatibility.GENERIC, replaced).complexes("emails")).hasSize(1);
      for (var path : List.of("emails", "name", "title", "name.givenName")) {
        var removed = "{\"op\": \"remove\", \"path\": \"" + path + "\"}";
        assertThat(FilterParser.path(path, ResourceType.USER, Compatibility.GENERIC))
            .isInstanceOfSatisfying(
                PatchPath.Target.class,
                target -> {
                  try {
                    assertThat(target.path().in(patched(Compatibility.GENERIC, removed))).isEmpty();
                  } catch (ScimRefusal e) {
                    throw new AssertionError(e);
                  }
                });
      }
    }

    @Test
    void a_new_primary_value_takes_the_place_of_the_old() throws ScimRefusal {
      var operation =
          """
          {"op": "replace", "path": "emails[type eq \\"home\\"].primary", "value": true}
          """;
      var primary =
          patched(Compatibility.GENERIC, operation).complexes("emails").stream()
              .filter(Intake::isPrimary)
              .toList();
      assertThat(primary).hasSize(1);
      assertThat(primary.getFirst().text("type")).contains("home");
    }

    @Test
    void SCIM_19_there_is_one_work_address_and_one_primary() {
      var second =
          """
          {"op": "add", "path": "emails", "value": [{"value": "b@acme.example", "type": "Work"}]}
          """;
      assertThat(refusal(Compatibility.GENERIC, second).type())
          .isEqualTo(ScimRefusal.Type.INVALID_VALUE);
      var primaries =
          """
          {"op": "add", "path": "phoneNumbers",
           "value": [{"value": "1", "primary": true}, {"value": "2", "primary": true}]}
          """;
      assertThat(refusal(Compatibility.GENERIC, primaries).type())
          .isEqualTo(ScimRefusal.Type.INVALID_VALUE);
    }

    @Test
    void read_only_and_required_attributes_stay() {
      for (var path : List.of("id", "meta", "groups", "schemas")) {
        var operation = "{\"op\": \"replace\", \"path\": \"" + path + "\", \"value\": \"x\"}";
        assertThat(refusal(Compatibility.GENERIC, operation).type())
            .isEqualTo(ScimRefusal.Type.MUTABILITY);
      }
      assertThat(
              refusal(Compatibility.GENERIC, "{\"op\": \"remove\", \"path\": \"userName\"}").type())
          .isEqualTo(ScimRefusal.Type.MUTABILITY);
    }

    @Test
    void errors_have_their_types() {
      assertThat(refusal(Compatibility.GENERIC, "{\"op\": \"remove\"}").type())
          .isEqualTo(ScimRefusal.Type.NO_TARGET);
      assertThat(
              refusal(
                      Compatibility.IPSIE,
                      "{\"op\": \"add\", \"path\": \"none\", \"value\": \"x\"}")
                  .type())
          .isEqualTo(ScimRefusal.Type.INVALID_PATH);
      assertThat(refusal(Compatibility.GENERIC, "{\"op\": \"move\", \"path\": \"title\"}").type())
          .isEqualTo(ScimRefusal.Type.INVALID_SYNTAX);
      assertThat(refusal(Compatibility.GENERIC, "").type())
          .isEqualTo(ScimRefusal.Type.INVALID_SYNTAX);
      assertThatThrownBy(() -> PatchRequest.of(ScimJson.readOwn("{\"Operations\": []}")))
          .isInstanceOf(ScimRefusal.class);
    }

    @Test
    void SCIM_O6_what_only_we_may_say_is_overlooked_without_a_path() throws ScimRefusal {
      var operation =
          """
          {"op": "replace", "value": {"id": "other", "groups": [], "title": "Lead", "x": 1}}
          """;
      assertThat(shown(Compatibility.OKTA, operation))
          .contains("\"title\":\"Lead\"")
          .doesNotContain("other");
    }
  }

  @Nested
  @DisplayName("SCIM-P1: the strict profile")
  class Strict {
    @Test
    void takes_no_operation_without_a_path_and_no_attribute_outside_the_schema() {
      assertThat(
              refusal(
                      Compatibility.INTEROP_STRICT,
                      "{\"op\": \"replace\", \"value\": {\"active\": false}}")
                  .type())
          .isEqualTo(ScimRefusal.Type.INVALID_SYNTAX);
      assertThat(
              refusal(
                      Compatibility.INTEROP_STRICT,
                      "{\"op\": \"replace\", \"path\": \"active\", \"value\": \"False\"}")
                  .type())
          .isEqualTo(ScimRefusal.Type.INVALID_VALUE);
    }
  }

  /// Replacing every attribute one by one, in any order and by any of the ways to name it, ends in
  /// what PUT of the whole gives. The seed is fixed.
  @Test
  void a_patch_of_everything_is_a_put() throws ScimRefusal {
    var random = new Random(7643);
    var intake = new Intake(ResourceType.USER, Compatibility.GENERIC);
    var patch = new Patch(ResourceType.USER, Compatibility.GENERIC);
    for (int i = 0; i < 2000; i++) {
      var from = intake.resource(RandomUsers.user(random));
      var to = intake.resource(RandomUsers.user(random));
      var operations = RandomUsers.operations(random, RandomUsers.Names.PATHS, from, to);
      var request = PatchRequest.of(ScimJson.readOwn(Provider.patchBody(operations)));
      assertThat(RandomUsers.sorted(patch.apply(request, from)))
          .as("%s -> %s by %s", ScimJson.writeText(from), ScimJson.writeText(to), operations)
          .isEqualTo(RandomUsers.sorted(to));
    }
  }
}
