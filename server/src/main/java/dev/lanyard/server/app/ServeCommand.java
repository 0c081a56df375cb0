package dev.lanyard.server.app;

import dev.lanyard.protocol.jose.CryptoProvider;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.Roles;
import dev.lanyard.server.app.node.GatewayNode;
import dev.lanyard.server.app.node.Lanyard;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lanyard serve`.
@Command(
    name = "serve",
    description =
        "Runs what the configuration names: identity broker, resource authorization server,"
            + " gateway.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Option(
      names = "--roles",
      paramLabel = "ROLE",
      split = ",",
      description =
          "What of it this process plays: broker,ras (with or without gateway), or gateway alone,"
              + " which needs no master key. Default: all that the configuration names.")
  private List<String> roles = List.of();

  @Override
  public void run() {
    if (System.getProperty("lanyard.crypto") == null) {
      // Unpacking the native code takes long, and nothing needs it before the keys are read. One
      // that is asked for by name may fail, and then it is to fail here.
      Thread.ofPlatform().daemon().name("crypto").start(CryptoProvider::active);
    }
    var config = configuration.read();
    var stop = started(config);
    var stopped = new CountDownLatch(1);
    var hook =
        Thread.ofPlatform()
            .name("stop")
            .unstarted(() -> {
              stop.run();
              stopped.countDown();
            });
    Runtime.getRuntime().addShutdownHook(hook);
    announce(config);
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Runtime.getRuntime().removeShutdownHook(hook);
      stop.run();
      Thread.currentThread().interrupt();
    }
  }

  /// What stops it.
  private Runnable started(Configuration config) {
    return switch (Roles.of(roles, config)) {
      case Roles.GATEWAY_ALONE -> GatewayNode.start(config, Clock.systemUTC())::close;
      case Roles.ALL_BUT_GATEWAY ->
          Lanyard.start(config.withoutGateway(), Clock.systemUTC())::close;
      case Roles.ALL -> Lanyard.start(config, Clock.systemUTC())::close;
    };
  }

  private static void announce(Configuration config) {
    var crypto = CryptoProvider.active();
    LOG.info("Lanyard {}, crypto {} ({})", Version.current(), crypto.name(), crypto.detail());
    config
        .broker()
        .ifPresent(broker ->
            LOG.info("identity broker {} at {}", broker.config().issuer(), broker.address()));
    config
        .ras()
        .ifPresent(ras ->
            LOG.info(
                "resource authorization server {} at {}", ras.config().issuer(), ras.address()));
    config
        .gateway()
        .ifPresent(gateway ->
            LOG.info(
                "gateway at {}, connectors: {}",
                gateway.address(),
                gateway.config().fronts().size()));
    config
        .console()
        .ifPresent(
            console -> LOG.info("console {} at {}", console.config().address(), console.address()));
  }
}
