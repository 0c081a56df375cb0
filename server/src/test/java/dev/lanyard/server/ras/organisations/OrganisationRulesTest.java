package dev.lanyard.server.ras.organisations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The limits of an organisation are kept as they were set")
class OrganisationRulesTest {
  private static OrganisationRules parse(String json) throws MalformedException {
    return OrganisationRules.parse(JsonObject.parse(json));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"clients\":[\"a\",\"b\"]}",
        "{\"scopes\":\"\"}",
        "{\"scopes\":\"issues.read\",\"tenant\":\"t\",\"flows\":\"both\"}"
      })
  void are_read_as_they_were_written(String json) throws MalformedException {
    var rules = parse(json);
    assertThat(parse(rules.toJson().toJson())).isEqualTo(rules);
    assertThat(rules.toJson().toJson()).as("an empty limit too").hasSameSizeAs(json);
  }

  @Test
  @DisplayName("an empty list of clients is refused: who means nobody must not get everybody")
  void no_client_at_all() {
    assertThatThrownBy(() -> parse("{\"clients\":[]}"))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("leave it out for all clients");
    var nobody = Optional.of(Set.<ClientId>of());
    assertThatThrownBy(() ->
            new OrganisationRules(
                Optional.empty(), nobody, Optional.<Scopes>empty(), Flows.EMA_ONLY))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
