package dev.lanyard.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// The program as a shell starts it: what is lost between the two must not look like success.
@DisplayName("What goes in and out between a shell and the program")
class StandardStreamsTest {
  private static final String JAVA =
      "'%s' -XX:TieredStopAtLevel=1 -Xmx160m -cp '%s' %s"
          .formatted(
              Path.of(System.getProperty("java.home"), "bin", "java"),
              System.getProperty("java.class.path"),
              Main.class.getName());

  private record Ran(int exit, String err) {}

  /// Runs a line of shell in which `lanyard` is the program.
  private static Ran shell(String line) throws Exception {
    var script = "set -o pipefail; lanyard() { " + JAVA + " \"$@\"; }; " + line;
    var process =
        new ProcessBuilder("bash", "-c", script)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    var err = new String(process.getErrorStream().readAllBytes());
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new Ran(process.exitValue(), err);
  }

  @Test
  void on_a_full_disk_a_command_does_not_end_with_success() throws Exception {
    var ran = shell("lanyard --help >/dev/full");

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("lanyard: standard output took no more");
  }

  @Test
  void whoever_stops_reading_is_told_too() throws Exception {
    var ran = shell("lanyard --help | true");

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("took no more").doesNotContain("\tat ");
  }

  @Test
  void a_usage_that_is_wrong_keeps_its_exit_code() throws Exception {
    assertThat(shell("lanyard explain --nonsense >/dev/full").exit()).isEqualTo(2);
  }

  @Test
  void output_that_arrives_is_no_fault() throws Exception {
    var ran = shell("lanyard --help | cat");

    assertThat(ran.exit()).isZero();
    assertThat(ran.err()).isEmpty();
  }

  @Test
  @DisplayName("an argument that did not arrive as it was typed is refused before anything is done")
  void characters() throws Exception {
    var typed = " disable --user ana --reason \"$(printf 'Gr\\303\\266\\303\\237e')\"";

    var ran = shell("export LC_ALL=C; lanyard" + typed);

    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err())
        .contains("lanyard: argument 5 did not arrive as it was typed", "LC_ALL=C.UTF-8");
    assertThat(shell("export LC_ALL=C.UTF-8; lanyard" + typed).err())
        .doesNotContain("did not arrive");
  }
}
