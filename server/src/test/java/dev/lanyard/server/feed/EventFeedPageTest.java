package dev.lanyard.server.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("docs/event-feed.md: its commands, in order, as they stand there")
class EventFeedPageTest {
  private static final Path PAGE = Path.of("../docs/event-feed.md");
  private static final Pattern COMMANDS = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  @Test
  void run() throws Exception {
    try (var pair = Pair.start(Setup.usual(folder), folder)) {
      var alice = pair.person("alice", "engineering");
      new Desk(pair).accessToken("alice", World.LINEAR);
      pair.happened(alice, Happening.DISABLED);

      var output = output(pair);

      assertThat(output)
          .contains("\"configuration_endpoint\":\"" + pair.ras())
          .contains("\"aud\":\"linear-server\"")
          .contains("\"moreAvailable\":true")
          // Acknowledged, so that it does not come again.
          .contains("{\"sets\":{},\"moreAvailable\":false}");
      assertThat(Pattern.compile("\"sets\":\\{\"[^\"]{22}\":\"eyJ").matcher(output).results())
          .as("what was denied, and the verification: %s", output)
          .hasSize(2);
    }
  }

  private String output(Pair pair) throws Exception {
    var script =
        COMMANDS
            .matcher(Files.readString(PAGE))
            .results()
            .map((MatchResult found) -> found.group(1) + "echo\n")
            .collect(Collectors.joining());
    assertThat(script).contains("curl");
    var builder =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().put("RAS", pair.ras().value());
    builder.environment().put("CLIENT", "linear-server");
    builder.environment().put("SECRET", World.clientSecret().reveal());
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
