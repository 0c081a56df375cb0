package dev.lanyard.server.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.audit.Outcome;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("AUD-4: records in the formats of others")
class FormatTest {
  private static final Instant AT = Instant.parse("2026-11-23T09:00:00.250Z");

  private static AuditRecord record(String type, Outcome outcome) {
    var evidence =
        JsonObject.builder()
            .put("check", "aud")
            .put("actual", "a|b=c\\d\ne")
            .put("error", "invalid_grant")
            .build();
    var event =
        AuditEvent.of(type, outcome, AT, "7kq4-m2xd-9phf", evidence)
            .withOrganisation("acme")
            .withClient("desk");
    return new AuditRecord(17, event);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void is_one_line_with_the_evidence_in_it(Format format) {
    var line = format.line(record("token.redeem", Outcome.REFUSED));
    assertThat(line).doesNotContain("\n", "\r").contains("7kq4-m2xd-9phf", "aud", "desk");
  }

  /// What the schema demands, as its release 1.8.0 has it: base event, metadata, and each class.
  @Nested
  @DisplayName("OCSF 1.8.0: what each class requires is there, whatever the record knows")
  class OcsfEvents {
    private static final Set<String> BASE =
        Set.of(
            "activity_id",
            "category_uid",
            "class_uid",
            "metadata",
            "severity_id",
            "time",
            "type_uid");

    @ParameterizedTest
    @ValueSource(
        strings = {
          "sign-in",
          "session.ended",
          "token.exchange",
          "token.redeem",
          "token.refresh",
          "client.refused",
          "person.created",
          "person.disabled",
          "person.groups",
          "scim.user.created",
          "scim.group.patched",
          "library.published",
          "organisation.invited",
          "key.rotated",
          "delivery.dead",
          "requests.turned-away",
          "reconciliation"
        })
    void required_attributes(String type) throws MalformedException {
      for (var outcome : Outcome.values()) {
        var nobody =
            new AuditRecord(1, AuditEvent.of(type, outcome, AT, "upkeep", JsonObject.EMPTY));
        for (var record : new AuditRecord[] {record(type, outcome), nobody}) {
          var event = JsonObject.parse(Format.OCSF.line(record));
          assertThat(event.names()).containsAll(BASE);
          long uid = event.integer("class_uid").orElseThrow();
          long activity = event.integer("activity_id").orElseThrow();
          assertThat(event.integer("type_uid")).contains(uid * 100 + activity);
          assertThat(uid / 1000).isEqualTo(event.integer("category_uid").orElseThrow());
          assertThat(event.integer("time")).contains(AT.toEpochMilli());
          assertThat(event.integer("severity_id").orElseThrow()).isBetween(0L, 6L);
          var metadata = event.object("metadata").orElseThrow();
          assertThat(metadata.string("version")).contains("1.8.0");
          assertThat(metadata.object("product").orElseThrow().string("name")).isPresent();
          required(event, uid);
        }
      }
    }

    private static void required(JsonObject event, long uid) throws MalformedException {
      switch ((int) uid) {
        case 3001 -> assertNamed(event, "user");
        case 3002 -> {
          assertNamed(event, "user");
          assertThat(event.has("service")).as("service or dst_endpoint").isTrue();
        }
        case 3004 -> assertNamed(event, "entity");
        default -> throw new AssertionError("no class of ours: " + uid);
      }
    }

    /// `at_least_one` of name and uid.
    private static void assertNamed(JsonObject event, String member) throws MalformedException {
      var object = event.object(member).orElseThrow();
      assertThat(object.has("name") || object.has("uid")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
      "sign-in, 300201",
      "session.ended, 300202",
      "token.exchange, 300299",
      "person.disabled, 300105",
      "person.deleted, 300106",
      "scim.user.created, 300101",
      "connector.disabled, 300409",
      "scim.group.deleted, 300404"
    })
    void activities(String type, long typeUid) throws MalformedException {
      var event = JsonObject.parse(Format.OCSF.line(record(type, Outcome.SUCCESS)));
      assertThat(event.integer("type_uid")).contains(typeUid);
    }
  }

  @Test
  @DisplayName("ECS: the fields that every document and every event has")
  void ecs() throws MalformedException {
    var document = JsonObject.parse(Format.ECS.line(record("token.redeem", Outcome.REFUSED)));
    assertThat(document.string("@timestamp")).contains("2026-11-23T09:00:00.250Z");
    assertThat(document.object("ecs").orElseThrow().string("version")).contains("8.17.0");
    var event = document.object("event").orElseThrow();
    assertThat(event.string("outcome")).contains("failure");
    assertThat(event.string("action")).contains("token.redeem");
    assertThat(event.strings("category").orElseThrow()).containsExactly("authentication");
    assertThat(document.object("organization").orElseThrow().string("id")).contains("acme");
    assertThat(document.object("lanyard").orElseThrow().string("evidence").orElseThrow())
        .as("text, whatever is in it")
        .startsWith("{");
  }

  @Test
  @DisplayName("CEF: seven fields between bars, and nothing from outside ends one")
  void cef() {
    var line = Format.CEF.line(record("token.redeem", Outcome.REFUSED));
    assertThat(line).startsWith("CEF:0|Lanyard|Lanyard|1|token.redeem|token.redeem refused|5|rt=");
    assertThat(line.split("(?<!\\\\)\\|", 8)).hasSize(8);
    assertThat(line).contains("a|b\\=c").contains("cs1Label=correlationId cs1=7kq4-m2xd-9phf");
  }
}
