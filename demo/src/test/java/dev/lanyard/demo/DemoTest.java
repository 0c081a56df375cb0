package dev.lanyard.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.assertj.core.api.iterable.ThrowingExtractor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

@DisplayName("The demonstration, all of it, with its real parts")
class DemoTest {
  private record Ran(int exit, String out) {}

  private static Ran demo(String... arguments) {
    var out = new StringWriter();
    var exit =
        new CommandLine(new DemoCommand()).setOut(new PrintWriter(out, true)).execute(arguments);
    return new Ran(exit, out.toString());
  }

  private static String outcome(JsonObject step) throws MalformedException {
    return step.string("step").orElseThrow() + ": " + step.string("outcome").orElseThrow();
  }

  @Test
  void every_step_comes_out_as_it_should_and_a_script_can_read_it() throws Exception {
    var ran = demo("--json");

    assertThat(ran.exit()).as(ran.out()).isZero();
    var told = JsonObject.parse(ran.out());
    var steps = told.objects("steps").orElseThrow();
    assertThat(steps)
        .extracting((ThrowingExtractor<JsonObject, String, Exception>) DemoTest::outcome)
        .containsSubsequence(
            "Ana signs in, once: allowed",
            "Silent access, first half: the ID token becomes an ID-JAG: allowed",
            "Silent access, second half: the ID-JAG becomes an access token: allowed",
            "The same, as applications do it: allowed",
            "A stolen ID-JAG is worth nothing: refused",
            "Sam, in sales, has other connectors: allowed",
            "A connector outside the role: refused",
            "Day one: allowed",
            "Day one: refused",
            "Ana is disabled: refused",
            "No new token either: refused",
            "Back again: refused",
            "Back again: allowed",
            "The record: shown");
    assertThat(ran.out())
        .contains("refused after ms", "challenge", "jti", "invalid_target")
        .as("no token is shown that could be used")
        .doesNotContainPattern(
            "eyJ[A-Za-z0-9_-]{20,}\\.eyJ[A-Za-z0-9_-]{20,}\\.[A-Za-z0-9_-]{20,}");
    assertThat(told.strings("explore").orElse(List.of())).anyMatch(line -> line.startsWith("curl"));
  }

  @Test
  void prose_shows_every_step_and_how_to_go_on() {
    var ran = demo();

    assertThat(ran.exit()).as(ran.out()).isZero();
    assertThat(ran.out())
        .contains("Ana signs in, once", "Ana is disabled", "That is all of it. Explore:", "curl ")
        .doesNotContain("A STEP DID NOT COME OUT");
  }
}
