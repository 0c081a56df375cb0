package dev.lanyard.server.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.OptionHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// What is logged, and how it looks: to standard error, since what commands print on standard
/// output is for people and scripts. Written in Java because reading the same from XML takes a
/// tenth of what the main thread does for a start.
///
/// `-Dlanyard.log=json` writes one JSON object a line; `-Dlanyard.log.access=INFO` adds one line a
/// request, which the audit record has anyway. Any file that Logback finds by itself (one that
/// `-Dlogback.configurationFile` names, or a test's) comes before this class.
@ConfiguratorRank(ConfiguratorRank.FALLBACK + 1)
public final class LogOutput extends ContextAwareBase implements Configurator {

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    var console = new ConsoleAppender<ILoggingEvent>();
    console.setContext(context);
    console.setName("console");
    console.setTarget("System.err");
    console.setEncoder(encoder(context));
    console.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(console);
    context.getLogger("dev.lanyard").setLevel(Level.INFO);
    context
        .getLogger("dev.lanyard.access")
        .setLevel(Level.toLevel(setting(context, "lanyard.log.access"), Level.WARN));
    // It writes a line for each malformed request of any stranger; they are counted and recorded.
    context.getLogger("org.eclipse.jetty.http.HttpParser").setLevel(Level.ERROR);
    // The export says what is wrong once a try; its client would say it once a connection.
    context.getLogger("org.apache.kafka").setLevel(Level.OFF);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context) {
    var encoder = "json".equals(setting(context, "lanyard.log")) ? json() : text();
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }

  private static @Nullable String setting(LoggerContext context, String name) {
    return OptionHelper.propertyLookup(name, context, null);
  }

  private static Encoder<ILoggingEvent> text() {
    var encoder = new PatternLayoutEncoder();
    encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level %logger{0}: %msg%n");
    return encoder;
  }

  private static Encoder<ILoggingEvent> json() {
    var encoder = new JsonEncoder();
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithFormattedMessage(true);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    return encoder;
  }
}
