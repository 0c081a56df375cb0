package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.audit.WriteWatch;
import dev.lanyard.server.diagnosis.Bytecode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Whatever figure a page of the documentation names, this product has")
class DashboardTest {
  private static final Pattern FIGURE = Pattern.compile("\\b(?:lanyard|jvm)_[a-z_]+");

  @ParameterizedTest
  @ValueSource(strings = {"../docs/grafana/lanyard.json", "../docs/metrics.md"})
  void figures_exist(String page) throws IOException, MalformedException {
    var text = Files.readString(Path.of(page));
    if (page.endsWith(".json")) {
      assertThat(JsonObject.parseLarge(text.getBytes(StandardCharsets.UTF_8)).names())
          .contains("panels", "title");
    }
    var names = new TreeSet<String>();
    var found = FIGURE.matcher(text);
    while (found.find()) {
      names.add(found.group().replaceAll("_(?:total|bucket|count|sum)$", ""));
    }
    assertThat(names).hasSizeGreaterThan(8);
    assertThat(Bytecode.ofTheProduct().texts()).containsAll(names);
  }

  @Test
  @DisplayName("The dashboard shows a record that cannot be written: the figure and the alarm")
  void record() throws IOException {
    var dashboard = Files.readString(Path.of("../docs/grafana/lanyard.json"));

    assertThat(dashboard)
        .contains("lanyard_refused_transactions_total")
        .contains("lanyard_alarms{instance=~\\\"$instance\\\",kind=\\\"" + WriteWatch.ALARM);
  }
}
