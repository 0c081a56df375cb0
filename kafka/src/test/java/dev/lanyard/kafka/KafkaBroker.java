package dev.lanyard.kafka;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;

/// A broker of Kafka as a process of its own, its own controller too, on loopback. It has a plain
/// listener on which everybody may do everything, and one with TLS and passwords on which `lanyard`
/// may and `stranger` may not.
final class KafkaBroker implements AutoCloseable {
  static final String PASSWORD = "hush-of-lanyard";
  static final String STRANGERS_PASSWORD = "hush-of-the-stranger";

  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final int ATTEMPTS = 5;

  private final Path folder;
  private final int plain;
  private final int secure;
  private Process process;

  private KafkaBroker(Path folder, int plain, int secure, Process process) {
    this.folder = folder;
    this.plain = plain;
    this.secure = secure;
    this.process = process;
  }

  /// @param folder an empty one, for all that it writes
  static KafkaBroker start(Path folder) throws IOException, InterruptedException {
    run(
        folder,
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-genkeypair -alias broker -keyalg EC -dname CN=broker -ext san=ip:127.0.0.1 -validity 2"
            + " -storetype PKCS12 -storepass changeit -keystore broker.p12");
    for (int attempt = 1; ; attempt++) {
      var home = Files.createDirectory(folder.resolve("attempt-" + attempt));
      var broker = attempt(home, folder.resolve("broker.p12"));
      if (broker.answers()) {
        return broker;
      }
      broker.close();
      // Somebody else may have taken a port; whatever else it is does not go away.
      if (attempt == ATTEMPTS) {
        throw new AssertionError("no broker:\n" + Files.readString(home.resolve("log")));
      }
    }
  }

  private static KafkaBroker attempt(Path home, Path keys)
      throws IOException, InterruptedException {
    int controller = freePort();
    int plain = freePort();
    int secure = freePort();
    Files.writeString(
        home.resolve("logback.xml"),
        """
        <configuration>
          <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
            <encoder><pattern>%d %-5level %logger{0}: %msg%n</pattern></encoder>
          </appender>
          <root level="WARN"><appender-ref ref="out"/></root>
        </configuration>
        """);
    Files.writeString(
        home.resolve("server.properties"),
        """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%1$d
        listeners=CONTROLLER://127.0.0.1:%1$d,PLAIN://127.0.0.1:%2$d,SECURE://127.0.0.1:%3$d
        advertised.listeners=PLAIN://127.0.0.1:%2$d,SECURE://127.0.0.1:%3$d
        listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAIN:PLAINTEXT,SECURE:SASL_SSL
        controller.listener.names=CONTROLLER
        inter.broker.listener.name=PLAIN
        sasl.enabled.mechanisms=PLAIN
        listener.name.secure.plain.sasl.jaas.config=\
        org.apache.kafka.common.security.plain.PlainLoginModule required \
        user_lanyard="%4$s" user_stranger="%5$s";
        listener.name.secure.ssl.keystore.type=PKCS12
        listener.name.secure.ssl.keystore.location=%6$s
        listener.name.secure.ssl.keystore.password=changeit
        listener.name.secure.ssl.key.password=changeit
        authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
        super.users=User:ANONYMOUS;User:lanyard
        auto.create.topics.enable=false
        log.dirs=%7$s
        """
            .formatted(
                controller,
                plain,
                secure,
                PASSWORD,
                STRANGERS_PASSWORD,
                keys,
                home.resolve("data")));
    java(
        home,
        "kafka.tools.StorageTool",
        "format",
        "--cluster-id",
        Uuid.randomUuid().toString(),
        "--config",
        "server.properties");
    return new KafkaBroker(home, plain, secure, broker(home));
  }

  /// Below the ports from which connections go out: a client that tries a port on which nobody
  /// listens could meet itself there.
  private static int freePort() throws IOException {
    for (; ; ) {
      int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
      try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (BindException e) {
        // Another one, then.
      }
    }
  }

  private static Process broker(Path home) throws IOException {
    return process(home, command("kafka.Kafka", "server.properties"));
  }

  private static List<String> command(String main, String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                main));
    command.addAll(List.of(arguments));
    return command;
  }

  private static Process process(Path home, List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .directory(home.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()))
        .start();
  }

  private static void java(Path home, String main, String... arguments)
      throws IOException, InterruptedException {
    await(home, process(home, command(main, arguments)));
  }

  private static void run(Path home, String program, String arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments.split(" ")));
    await(home, process(home, command));
  }

  private static void await(Path home, Process process) throws IOException, InterruptedException {
    if (!process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError(Files.readString(home.resolve("log")));
    }
  }

  /// Waits until it does.
  ///
  /// @return whether it answers before it dies
  private boolean answers() throws InterruptedException {
    long giveUp = System.nanoTime() + START_LIMIT.toNanos();
    try (var admin = admin()) {
      while (process.isAlive() && System.nanoTime() < giveUp) {
        try {
          if (!admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).isEmpty()) {
            return true;
          }
        } catch (ExecutionException | TimeoutException e) {
          Thread.sleep(200);
        }
      }
    }
    return false;
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", plain()));
  }

  void topic(String name, int partitions) throws InterruptedException, ExecutionException {
    try (var admin = admin()) {
      admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
    }
  }

  /// Where everybody may do everything.
  String plain() {
    return "127.0.0.1:" + plain;
  }

  /// Where TLS and a password are needed.
  String secure() {
    return "127.0.0.1:" + secure;
  }

  /// What to trust there.
  Path trusted() {
    return folder.resolveSibling("broker.p12");
  }

  /// Kills it; what it has is on the disk.
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /// Starts it again with what it had, where it was.
  void again() throws IOException, InterruptedException {
    process = broker(folder);
    if (!answers()) {
      throw new AssertionError("not again:\n" + Files.readString(folder.resolve("log")));
    }
  }

  @Override
  public void close() {
    kill();
  }
}
