package dev.lanyard.server.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 7644 §3.4.2.2 Filtering")
class FilterParserTest {
  private static final Value.Complex ANA =
      ScimJson.readOwn(
          """
          {"id": "a1", "externalId": "X1", "userName": "Ana@Acme.example", "active": true,
           "title": "Engineer", "name": {"familyName": "Abel", "givenName": "Ana"},
           "emails": [{"value": "ana@acme.example", "type": "work", "primary": true},
                      {"value": "ana@home.example", "type": "home"}],
           "meta": {"created": "2026-11-23T09:00:00Z"},
           "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Tools"}}
          """);

  private static boolean matches(String filter, Compatibility compatibility) throws ScimRefusal {
    return FilterParser.filter(filter, ResourceType.USER, compatibility).matches(ANA);
  }

  @Nested
  @DisplayName("SCIM-5: the grammar is complete")
  class Grammar {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "userName eq \"ana@acme.example\"",
          "USERNAME EQ \"ANA@acme.example\"",
          "urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"ana\"",
          "externalId eq \"X1\"",
          "id eq \"a1\"",
          "name.familyName co \"be\"",
          "name.familyName ew \"EL\"",
          "title pr",
          "not (nickName pr)",
          "nickName eq null",
          "title ne null",
          "title ne \"Manager\"",
          "active eq true",
          "active ne false",
          "title pr and active eq true",
          "title eq \"no\" or title eq \"engineer\"",
          "title eq \"no\" and title eq \"no\" or active eq true",
          "active eq true or title eq \"no\" and title eq \"no\"",
          "(active eq true or title eq \"no\") and title pr",
          "emails co \"home.example\"",
          "emails.type eq \"home\"",
          "emails[type eq \"work\" and value ew \"acme.example\"]",
          "emails[type eq \"work\"].value eq \"ANA@acme.example\"",
          "emails[not (type eq \"work\")].value eq \"ana@home.example\"",
          "meta.created gt \"2026-11-23T08:59:59.999Z\"",
          "meta.created le \"2026-11-23T10:00:00+01:00\"",
          "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"tools\"",
          "title gt \"Aaa\" and title lt \"Zzz\" and title ge \"engineer\" and title le \"ENGINEER\"",
          "name.familyName eq \"\\u0041bel\"",
          "title   eq    \"Engineer\"  ",
        })
    void matches_ana(String filter) throws ScimRefusal {
      assertThat(matches(filter, Compatibility.GENERIC)).as(filter).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "externalId eq \"x1\"",
          "id eq \"A1\"",
          "not (title pr)",
          "title eq \"Engine\"",
          "emails[type eq \"home\" and value ew \"acme.example\"]",
          "emails[type eq \"work\"].value eq \"ana@home.example\"",
          "nickName eq \"x\"",
          "nickName gt \"\"",
          "meta.created gt \"2026-11-23T10:00:00+01:00\"",
        })
    void does_not_match_ana(String filter) throws ScimRefusal {
      assertThat(matches(filter, Compatibility.GENERIC)).as(filter).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "userName",
          "userName eq",
          "userName is \"x\"",
          "eq \"x\"",
          "userName eq \"x",
          "userName eq \"\\x\"",
          "userName eq \"\\u12\"",
          "(userName eq \"x\"",
          "userName eq \"x\")",
          "userName eq \"x\" and",
          "userName eq \"x\" userName eq \"x\"",
          "emails[type eq \"x\"",
          "emails[emails[type eq \"x\"]]",
          "emails[unknown eq \"x\"]",
          "userName[value eq \"x\"]",
          "unknown eq \"x\"",
          "name.unknown eq \"x\"",
          "urn:none:userName eq \"x\"",
          "name eq \"x\"",
          "active gt true",
          "active eq \"maybe\"",
          "title gt null",
          "not userName eq \"x\"",
        })
    void refuses(String filter) {
      assertThatThrownBy(() -> matches(filter, Compatibility.GENERIC))
          .as(filter)
          .isInstanceOf(ScimRefusal.class);
    }
  }

  @Nested
  @DisplayName("SCIM-6: what is not quite a filter is understood where the provider sends it")
  class Tolerance {
    @ParameterizedTest
    @ValueSource(
        strings = {"userName eq ana@acme.example", "active eq \"True\"", "title eq Engineer"})
    void takes_words_without_quotes_and_booleans_with(String filter) throws ScimRefusal {
      assertThat(matches(filter, Compatibility.ENTRA)).isTrue();
      assertThatThrownBy(() -> matches(filter, Compatibility.INTEROP_STRICT))
          .isInstanceOf(ScimRefusal.class);
    }

    @Test
    void SCIM_P1_the_strict_profile_takes_eq_and_and_only() throws ScimRefusal {
      assertThat(matches("title eq \"Engineer\" and active eq true", Compatibility.INTEROP_STRICT))
          .isTrue();
      for (var filter : List.of("title co \"x\"", "title pr", "not (title eq \"x\")")) {
        assertThatThrownBy(() -> matches(filter, Compatibility.INTEROP_STRICT))
            .isInstanceOf(ScimRefusal.class);
      }
    }
  }

  @Nested
  @DisplayName("No filter costs more than it should")
  class Bombs {
    @Test
    void refuses_what_is_nested_deeply() {
      var deep = "(".repeat(1000) + "title pr" + ")".repeat(1000);
      assertThatThrownBy(() -> matches(deep, Compatibility.GENERIC))
          .isInstanceOf(ScimRefusal.class);
      var negated = "not (".repeat(500) + "title pr" + ")".repeat(500);
      assertThatThrownBy(() -> matches(negated, Compatibility.GENERIC))
          .isInstanceOf(ScimRefusal.class);
    }

    @Test
    void refuses_what_compares_too_often_or_is_too_long() {
      var wide = "title pr or ".repeat(200) + "title pr";
      assertThatThrownBy(() -> matches(wide, Compatibility.GENERIC))
          .isInstanceOf(ScimRefusal.class);
      var longOne = "title eq \"" + "x".repeat(10_000) + "\"";
      assertThatThrownBy(() -> matches(longOne, Compatibility.GENERIC))
          .isInstanceOf(ScimRefusal.class);
    }

    /// Whatever is thrown at the parser, it answers or refuses; the seed is fixed.
    @Test
    void survives_whatever_pieces_are_put_together() {
      var pieces =
          List.of(
              "userName",
              "emails",
              "[",
              "]",
              "(",
              ")",
              "not",
              "and",
              "or",
              "eq",
              "pr",
              "\"x\"",
              "\"",
              "\\",
              ".",
              ".value",
              "true",
              "null",
              "12",
              " ",
              "urn:",
              "active",
              "-",
              "\u0000");
      var random = new Random(7644);
      for (int i = 0; i < 50_000; i++) {
        var filter = new StringBuilder();
        for (int n = random.nextInt(12); n >= 0; n--) {
          filter.append(pieces.get(random.nextInt(pieces.size())));
          filter.append(random.nextBoolean() ? " " : "");
        }
        try {
          matches(filter.toString(), Compatibility.ENTRA);
        } catch (ScimRefusal refusal) {
          assertThat(refusal.status()).isEqualTo(400);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "active, active",
    "name.givenName, givenName",
    "'emails[type eq \"work\"].value', value",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager, manager",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value, value",
  })
  @DisplayName("RFC 7644 §3.5.2: paths of PATCH")
  void understands_paths(String path, String target) throws ScimRefusal {
    var understood = FilterParser.path(path, ResourceType.USER, Compatibility.GENERIC);
    assertThat(((PatchPath.Target) understood).path().target().name()).isEqualTo(target);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "none", "emails[", "emails[type eq \"w\"]value", "name.none", "a b"})
  void refuses_paths(String path) {
    assertThatThrownBy(() -> FilterParser.path(path, ResourceType.USER, Compatibility.GENERIC))
        .isInstanceOf(ScimRefusal.class);
  }
}
