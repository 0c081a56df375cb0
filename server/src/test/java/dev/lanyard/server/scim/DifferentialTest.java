package dev.lanyard.server.scim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.unboundid.scim2.common.GenericScimResource;
import com.unboundid.scim2.common.exceptions.ScimException;
import com.unboundid.scim2.common.utils.FilterEvaluator;
import com.unboundid.scim2.common.utils.JsonUtils;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Our filters and patches against those of another implementation; seeds are fixed.
@DisplayName("The second opinion: UnboundID's SCIM 2 SDK")
class DifferentialTest {
  private static final List<String> TERMS =
      List.of(
          "userName eq \"%s\"",
          "title eq \"%s\"",
          "title sw \"%s\"",
          "title co \"%s\"",
          "title ew \"%s\"",
          "title pr",
          "nickName pr",
          "name.familyName eq \"%s\"",
          "name.givenName pr",
          "active eq true",
          "active eq false",
          "title gt \"%s\"",
          "title le \"%s\"",
          "emails.type eq \"work\"",
          "emails[type eq \"work\"]",
          "emails[type eq \"home\" and value sw \"%s\"]",
          "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"%s\"");

  private static String filter(Random random, int depth) {
    if (depth > 0 && random.nextInt(3) > 0) {
      var left = filter(random, depth - 1);
      return switch (random.nextInt(3)) {
        case 0 -> "(" + left + ") and " + filter(random, depth - 1);
        case 1 -> left + " or " + filter(random, depth - 1);
        default -> "not (" + left + ")";
      };
    }
    var term = TERMS.get(random.nextInt(TERMS.size()));
    return term.formatted("w" + random.nextInt(1000) / (random.nextBoolean() ? 1 : 100));
  }

  @Test
  void filters_match_the_same_people() throws Exception {
    var random = new Random(1);
    var intake = new Intake(ResourceType.USER, Compatibility.GENERIC);
    int matched = 0;
    for (int i = 0; i < 20_000; i++) {
      var user = intake.resource(RandomUsers.user(random));
      var filter = filter(random, 3);
      var ours =
          FilterParser.filter(filter, ResourceType.USER, Compatibility.GENERIC).matches(user);
      var node = (ObjectNode) JsonUtils.getObjectReader().readTree(ScimJson.writeText(user));
      var theirs =
          FilterEvaluator.evaluate(
              com.unboundid.scim2.common.filters.Filter.fromString(filter), node);
      assertThat(ours).as("%s on %s", filter, node).isEqualTo(theirs);
      matched += ours ? 1 : 0;
    }
    assertThat(matched).as("neither all nor none").isBetween(4_000, 16_000);
  }

  @Test
  void patches_lead_to_the_same_people() throws Exception {
    var random = new Random(2);
    var intake = new Intake(ResourceType.USER, Compatibility.GENERIC);
    var patch = new Patch(ResourceType.USER, Compatibility.GENERIC);
    for (int i = 0; i < 2_000; i++) {
      var from = intake.resource(RandomUsers.user(random));
      var to = intake.resource(RandomUsers.user(random));
      var operations =
          RandomUsers.operations(random, RandomUsers.Names.OF_ATTRIBUTES, from, to)
              .replace("Replace", "replace");
      var body = Provider.patchBody(operations);
      var ours = patch.apply(PatchRequest.of(ScimJson.readOwn(body)), from);
      assertThat(RandomUsers.sorted(theirs(from, body)))
          .as("%s by %s", ScimJson.writeText(from), body)
          .isEqualTo(RandomUsers.sorted(ours));
    }
  }

  private static Value.Complex theirs(Value.Complex from, String body)
      throws ScimException, IOException {
    var reader = JsonUtils.getObjectReader();
    var resource = new GenericScimResource((ObjectNode) reader.readTree(ScimJson.writeText(from)));
    var request =
        reader
            .forType(com.unboundid.scim2.common.messages.PatchRequest.class)
            .<com.unboundid.scim2.common.messages.PatchRequest>readValue(body);
    request.apply(resource);
    return withoutEmpty(ScimJson.readOwn(resource.getObjectNode().toString()));
  }

  /// To SCIM an empty list or object is no value.
  private static Value.Complex withoutEmpty(Value.Complex complex) {
    var kept = Value.Complex.EMPTY;
    for (var member : complex.members().entrySet()) {
      var value =
          member.getValue() instanceof Value.Complex inner
              ? withoutEmpty(inner)
              : member.getValue();
      kept = kept.with(member.getKey(), value);
    }
    return kept;
  }
}
