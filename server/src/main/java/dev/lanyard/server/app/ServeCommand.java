package dev.lanyard.server.app;

import dev.lanyard.protocol.jose.CryptoProvider;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `lanyard serve`.
@Command(
    name = "serve",
    description =
        "Runs what the configuration names: identity broker, resource authorization server.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Override
  public void run() {
    if (System.getProperty("lanyard.crypto") == null) {
      // Unpacking the native code takes long, and nothing needs it before the keys are read. One
      // that is asked for by name may fail, and then it is to fail here.
      Thread.ofPlatform().daemon().name("crypto").start(CryptoProvider::active);
    }
    var config = configuration.read();
    var lanyard = Lanyard.start(config, Clock.systemUTC());
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(() -> {
                  lanyard.close();
                  stopped.countDown();
                }));
    announce(config);
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
  }
}
