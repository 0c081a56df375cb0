package dev.lanyard.server.console.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Described;

/// What calls of the JSON API send and get, as its description says.
public final class ApiAnswers {
  private ApiAnswers() {}

  /// A body with a reason and these texts, a name before each.
  public static String json(String... pairs) {
    var json = JsonObject.builder().put("reason", "as agreed");
    for (int i = 0; i < pairs.length; i += 2) {
      json.put(pairs[i], pairs[i + 1]);
    }
    return json.build().toJson();
  }

  /// @param pattern the path below the API, as it is described
  public static Answer fits(String method, String pattern, int status, Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    Described.assertFits(method, "/admin/api" + pattern, status, answer.body());
    return answer;
  }

  /// @param why what its detail contains
  public static void problem(Answer answer, int status, String code, String why) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(why);
    assertThat(answer.text("type")).isEqualTo("urn:lanyard:problem:" + code);
  }
}
