package dev.lanyard.protocol.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 9396 §2: authorization details and their types")
class AuthorizationDetailTypeTest {
  private static final List<String> FIELDS = List.of("actions", "projects", "other");
  private static final List<String> VALUES = List.of("a", "b", "c", "d");
  private static final AuthorizationDetailType TYPE =
      new AuthorizationDetailType("t", Map.of("actions", Set.of("a", "b"), "projects", Set.of()));

  private static JsonObject json(String text) throws MalformedException {
    return JsonObject.parse(text.replace('\'', '"'));
  }

  @Test
  void is_told_what_it_may_not_say() throws MalformedException {
    assertThat(TYPE.faultOf(json("{'type':'t'}"))).isEmpty();
    assertThat(TYPE.faultOf(json("{'type':'t','actions':['a','b'],'projects':{'x':1}}"))).isEmpty();
    assertThat(TYPE.faultOf(json("{'type':'t','actions':'a','locations':['x']}"))).isEmpty();
    assertThat(TYPE.faultOf(json("{'type':'t','actions':['a','c']}"))).isPresent();
    assertThat(TYPE.faultOf(json("{'type':'t','actions':[]}"))).isPresent();
    assertThat(TYPE.faultOf(json("{'type':'t','other':1}"))).get().asString().contains("other");
  }

  @Test
  void is_read_with_bounds() throws MalformedException {
    assertThat(AuthorizationDetails.parse("[{\"type\":\"t\"}]").types()).containsExactly("t");
    var twenty = "[" + "{\"type\":\"t\"},".repeat(20);
    assertThatThrownBy(() -> AuthorizationDetails.parse(twenty + "{\"type\":\"t\"}]"))
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> AuthorizationDetails.parse(" ".repeat(20_000) + "[]"))
        .isInstanceOf(MalformedException.class);
    for (var bad : List.of("", "7", "{}", "[", "[]]", "[],\"x\":[]", "[[]]", "[null]")) {
      assertThatThrownBy(() -> AuthorizationDetails.parse(bad))
          .as(bad)
          .isInstanceOf(MalformedException.class);
    }
  }

  @Test
  @DisplayName("What limits leave is covered by what was asked for, and by the limits")
  void limiting_never_widens() {
    var random = new Random(20261128);
    for (int i = 0; i < 20_000; i++) {
      var detail = anyDetail(random);
      Map<String, Set<String>> limits = Map.of("actions", someValues(random));
      var left = AuthorizationDetailType.limited(detail, limits);
      if (left.isPresent()) {
        assertThat(AuthorizationDetailType.covers(detail, left.get())).isTrue();
        assertThat(AuthorizationDetailType.limited(left.get(), limits)).contains(left.get());
      }
    }
  }

  @Test
  @DisplayName("A limit to no value leaves nothing, also of a field that is absent")
  void limiting_to_nothing() throws MalformedException {
    Map<String, Set<String>> nothing = Map.of("actions", Set.of());
    for (var detail : List.of("{'type':'t'}", "{'type':'t','actions':['a']}")) {
      assertThat(AuthorizationDetailType.limited(json(detail), nothing)).isEmpty();
    }
  }

  @Test
  @DisplayName("Covering is reflexive and transitive, and an absent field is everything")
  void covering() {
    var random = new Random(20261129);
    for (int i = 0; i < 20_000; i++) {
      var one = anyDetail(random);
      var two = anyDetail(random);
      var three = anyDetail(random);
      assertThat(AuthorizationDetailType.covers(one, one)).isTrue();
      if (AuthorizationDetailType.covers(one, two) && AuthorizationDetailType.covers(two, three)) {
        assertThat(AuthorizationDetailType.covers(one, three)).isTrue();
      }
      if (!two.names().containsAll(one.names())) {
        assertThat(AuthorizationDetailType.covers(one, two)).isFalse();
      }
    }
  }

  private static Set<String> someValues(Random random) {
    return Set.of(VALUES.get(random.nextInt(2)), VALUES.get(2 + random.nextInt(2)));
  }

  private static JsonObject anyDetail(Random random) {
    var detail = JsonObject.builder().put("type", "t");
    for (var field : FIELDS) {
      switch (random.nextInt(3)) {
        case 0 -> detail.put(field, VALUES.get(random.nextInt(VALUES.size())));
        case 1 -> {
          var values = new ArrayList<String>(someValues(random));
          detail.put(field, values);
        }
        default -> {}
      }
    }
    return detail.build();
  }
}
