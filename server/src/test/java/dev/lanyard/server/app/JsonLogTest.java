package dev.lanyard.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import dev.lanyard.protocol.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Issue 8.3: logs are lines for people, or one JSON object a line for programs")
class JsonLogTest {

  private static String logged(Map<String, String> properties, String message, Throwable thrown) {
    var context = new LoggerContext();
    properties.forEach(context::putProperty);
    new LogOutput().configure(context);
    var root = context.getLogger("ROOT");
    var appenders = root.iteratorForAppenders();
    var console = (ConsoleAppender<ILoggingEvent>) appenders.next();
    assertThat(appenders.hasNext()).isFalse();
    var logger = context.getLogger("dev.lanyard.server.http.HttpServer");
    var event =
        new LoggingEvent(JsonLogTest.class.getName(), logger, Level.WARN, message, thrown, null);
    event.setMDCPropertyMap(Map.of("correlation_id", "7kq4-m2xd-9phf"));
    var line = new String(console.getEncoder().encode(event), StandardCharsets.UTF_8);
    context.stop();
    return line;
  }

  @Test
  void for_people() {
    assertThat(logged(Map.of(), "the disk is full", new IllegalStateException("why")))
        .contains(" WARN  HttpServer: the disk is full\n");
  }

  @Test
  @DisplayName("-Dlanyard.log=json")
  void for_programs() throws Exception {
    var line =
        logged(
            Map.of("lanyard.log", "json"),
            "the disk\nis \"full\"",
            new IllegalStateException("why"));

    assertThat(line).endsWith("\n").doesNotContain("\n{").hasLineCount(1);
    var json = JsonObject.parse(line);
    assertThat(json.string("level")).contains("WARN");
    assertThat(json.string("loggerName")).contains("dev.lanyard.server.http.HttpServer");
    assertThat(json.string("formattedMessage")).contains("the disk\nis \"full\"");
    assertThat(json.object("mdc").orElseThrow().string("correlation_id"))
        .contains("7kq4-m2xd-9phf");
    assertThat(json.object("throwable").orElseThrow().string("message")).contains("why");
    assertThat(json.integer("timestamp")).isPresent();
  }
}
