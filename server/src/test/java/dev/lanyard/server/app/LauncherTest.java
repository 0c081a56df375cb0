package dev.lanyard.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.app.configuration.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The real script, in a checkout whose Maven and JDK only note how they were called: a real build
/// takes a minute, and the faults are not to be had otherwise.
@DisplayName("The launcher")
class LauncherTest {
  private static final Path SCRIPT = Path.of("..", "lanyard");

  @TempDir Path folder;
  private Path home;
  private Path jar;

  @BeforeEach
  void checkout() throws IOException {
    home = Files.createDirectory(folder.resolve("checkout"));
    Files.copy(SCRIPT, home.resolve("lanyard"));
    jar = home.resolve("server/target/dist/lib/lanyard-server.jar");
    for (var module : List.of("protocol", "client", "resource-server", "suite", "server", "demo")) {
      Files.createDirectories(home.resolve(module + "/src/main"));
      Files.writeString(home.resolve(module + "/pom.xml"), "<project/>");
    }
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    source(Instant.EPOCH);
    script(
        home.resolve("mvnw"),
        """
        echo "$@" >>"$(dirname "$0")/built"
        mkdir -p server/target/dist/lib demo/target/dist/lib
        sleep 0.3
        echo new >server/target/dist/lib/lanyard-server.jar
        """);
    jdk(home.resolve("jdk"), "25.0.3");
    // Only what trains is noted, and asked whether it succeeds.
    script(
        home.resolve("jdk/bin/java"),
        """
        home=$(dirname "$0")/../..
        case " $* " in
          *CacheableJars*) exit ;;
          *" train "*)
            echo trained >>"$home/trained"
            env | grep ^LANYARD_ >>"$home/trained-with"
            [ ! -f "$home/cannot-train" ] || exit 1
            for word; do case $word in -XX:AOTCacheOutput=*) touch "${word#*=}" ;; esac; done
            exit ;;
        esac
        echo "java $*"
        echo "database $LANYARD_DATABASE_URL"
        echo "characters $(locale charmap)"
        exit 7
        """);
  }

  private void source(Instant changed) throws IOException {
    var source = home.resolve("server/src/main/A.java");
    Files.writeString(source, "class A {}");
    Files.setLastModifiedTime(source, FileTime.from(changed));
  }

  private static void jdk(Path where, String version) throws IOException {
    script(where.resolve("bin/javac"), "exit 1");
    script(where.resolve("bin/java"), "echo wrong java");
    Files.writeString(where.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
  }

  private static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/usr/bin/env bash\n" + text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private record Ran(int exit, String out) {}

  private Process begun(String... arguments) throws IOException {
    return builder(arguments).start();
  }

  private ProcessBuilder builder(String... arguments) {
    var command = new ArrayList<>(List.of("bash", home.resolve("lanyard").toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile());
    builder.environment().put("LANYARD_JAVA_HOME", home.resolve("jdk").toString());
    builder.environment().keySet().removeAll(List.of("LANYARD_MODULES", "LANYARD_HEAP"));
    builder.environment().put("LANYARD_DATABASE_URL", "jdbc:postgresql://production/lanyard");
    return builder;
  }

  private static Ran ended(Process process) throws Exception {
    var out = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new Ran(process.exitValue(), out);
  }

  private Ran lanyard(String... arguments) throws Exception {
    return ended(begun(arguments));
  }

  private List<String> lines(String file) throws IOException {
    var path = home.resolve(file);
    return Files.exists(path) ? Files.readAllLines(path) : List.of();
  }

  @Test
  void builds_once_trains_once_and_passes_arguments_and_exit_code() throws Exception {
    var first = lanyard("serve", "--roles", "a b");

    assertThat(first.exit()).isEqualTo(7);
    assertThat(first.out())
        .contains("Building Lanyard", "dev.lanyard.server.app.Main serve --roles a b");
    assertThat(lanyard("doctor").out()).doesNotContain("Building");
    assertThat(lines("built")).hasSize(1);
    assertThat(lines("trained")).hasSize(1);
  }

  @Test
  @DisplayName("trains anew for an updated JDK and for a copied checkout")
  void another_jvm_or_place() throws Exception {
    lanyard("doctor");
    Files.writeString(
        home.resolve("jdk/release"),
        "JAVA_VERSION=\"25.0.4\"\n",
        StandardOpenOption.TRUNCATE_EXISTING);
    lanyard("doctor");
    assertThat(lines("trained")).hasSize(2);

    home = Files.move(home, folder.resolve("copy"));
    lanyard("doctor");
    lanyard("doctor");
    assertThat(lines("trained")).hasSize(3);
  }

  @Test
  @DisplayName("what the JVM warns of is not in the answer of a command")
  void warnings() throws Exception {
    assertThat(lanyard("explain", "--json").out())
        .contains("-Xlog:disable -Xlog:all=warning:stderr -Xlog:aot*=off:stderr");
  }

  @Test
  @DisplayName("audit verify has memory for files of records that a server of this size writes")
  void memory() throws Exception {
    assertThat(lanyard("serve").out()).contains("-Xmx160m");
    assertThat(lanyard("audit", "verify", "FOLDER").out())
        .contains("-Xmx2g")
        .doesNotContain("160m");
    assertThat(lanyard("audit", "export", "FOLDER").out()).contains("-Xmx160m");
  }

  @Test
  void what_is_trained_is_told_nothing_of_the_installation_that_the_environment_is_about()
      throws Exception {
    assertThat(lanyard("serve").out()).contains("database jdbc:postgresql://production/lanyard");

    assertThat(lines("trained")).hasSize(1);
    assertThat(lines("trained-with")).isEmpty();
    assertThatThrownBy(
            () -> TrainCommand.refuse(Map.of("LANYARD_DATABASE_URL", "jdbc:x", "PATH", "/bin")))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("LANYARD_DATABASE_URL");
  }

  @Test
  @DisplayName("starts where nothing is set, as under systemd without a user or with env -i")
  void bare() throws Exception {
    var bare = builder("doctor");
    bare.environment().keySet().retainAll(Set.of("LANYARD_JAVA_HOME"));

    var ran = ended(bare.start());

    assertThat(ran.out()).contains("Main doctor", "characters UTF-8").doesNotContain("unbound");
    assertThat(ran.exit()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "POSIX", "xx_XX.UTF-8"})
  @DisplayName("what is typed arrives in UTF-8, also where the locale is another or not installed")
  void characters(String locale) throws Exception {
    var elsewhere = builder("doctor");
    elsewhere.environment().put("LC_ALL", locale);

    assertThat(ended(elsewhere.start()).out()).contains("characters UTF-8");
  }

  @Test
  void a_locale_of_utf8_is_left_as_it_is() throws Exception {
    script(home.resolve("bin/locale"), "echo UTF-8");
    script(home.resolve("jdk/bin/java"), "echo \"locale $LC_ALL\"");
    var here = builder("doctor");
    here.environment()
        .merge("PATH", home.resolve("bin").toString(), (all, ours) -> ours + ":" + all);
    here.environment().put("LC_ALL", "de_DE.UTF-8");

    assertThat(ended(here.start()).out()).contains("locale de_DE.UTF-8");
  }

  @Test
  void builds_again_when_a_source_has_changed() throws Exception {
    lanyard("doctor");

    source(Instant.now().plusSeconds(5));

    assertThat(lanyard("doctor").out()).contains("Building Lanyard");
  }

  @Test
  void builds_again_when_a_source_was_removed() throws Exception {
    var removed = home.resolve("server/src/main/B.java");
    Files.writeString(removed, "class B {}");
    lanyard("doctor");
    Files.delete(removed);
    Files.setLastModifiedTime(removed.getParent(), FileTime.from(Instant.now().plusSeconds(5)));

    assertThat(lanyard("doctor").out()).contains("Building Lanyard");
  }

  @Test
  void tests_and_a_build_never_run_at_once() throws Exception {
    script(
        home.resolve("mvnw"),
        """
        home=$(dirname "$0")
        [ ! -e "$home/running" ] || echo two >>"$home/collisions"
        touch "$home/running"
        mkdir -p server/target/dist/lib demo/target/dist/lib
        sleep 0.5
        echo new >server/target/dist/lib/lanyard-server.jar
        rm -f "$home/running"
        echo "$@" >>"$home/built"
        """);

    var test = begun("test");
    var serve = begun("serve");

    assertThat(ended(test).exit()).isZero();
    assertThat(ended(serve).out()).contains("Main serve");
    assertThat(lines("built")).hasSize(2);
    assertThat(home.resolve("collisions")).doesNotExist();
  }

  @Test
  void looks_for_a_jdk_25_where_the_one_it_was_told_of_is_older() throws Exception {
    jdk(home.resolve("jdk"), "17.0.1");

    assertThat(lanyard("test").out()).doesNotContain("wrong java");
  }

  @Test
  void says_what_a_broken_build_said_and_where_all_of_it_is() throws Exception {
    script(home.resolve("mvnw"), "echo '[ERROR] A.java: not a statement'; exit 1");

    var ran = lanyard("serve");

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out())
        .contains("[ERROR] A.java: not a statement", "lanyard: the build failed", "build.log")
        .doesNotContain("Main serve");
  }

  @Test
  void says_that_it_may_not_build_here() throws Exception {
    Files.writeString(home.resolve("target"), "a file where a folder belongs");

    var ran = lanyard("serve");

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).contains("lanyard: has something to build and may not write to");
  }

  @Test
  void starts_without_a_start_up_cache_where_it_may_not_make_one() throws Exception {
    lanyard("doctor");
    Files.delete(home.resolve("server/target/dist/lanyard.aot"));
    Files.deleteIfExists(home.resolve("target/build.log"));
    Files.deleteIfExists(home.resolve("target/build.lock"));
    Files.delete(home.resolve("target"));
    Files.writeString(home.resolve("target"), "a file where a folder belongs");

    assertThat(lanyard("doctor").out()).contains("Main doctor").doesNotContain("may not write");
  }

  @Test
  void works_without_a_start_up_cache_and_does_not_try_again_for_nothing() throws Exception {
    Files.createFile(home.resolve("cannot-train"));

    assertThat(lanyard("doctor").out()).contains("no start-up cache", "Main doctor");
    assertThat(lanyard("doctor").out()).doesNotContain("no start-up cache").contains("doctor");
    assertThat(lines("trained")).hasSize(1);
  }

  @Test
  void two_at_once_build_one_after_the_other_and_only_once() throws Exception {
    var one = begun("doctor");
    var other = begun("doctor");

    assertThat(ended(one).out()).contains("Main doctor");
    assertThat(ended(other).out()).contains("Main doctor");
    assertThat(lines("built")).hasSize(1);
  }

  @Test
  void what_runs_keeps_the_jars_that_it_has_open() throws Exception {
    lanyard("doctor");
    Files.writeString(jar, "what the running server reads");
    source(Instant.now().plusSeconds(5));
    try (var open = Files.newByteChannel(jar)) {
      lanyard("doctor");

      var read = java.nio.ByteBuffer.allocate(64);
      open.read(read);
      assertThat(new String(read.array(), 0, read.position()))
          .isEqualTo("what the running server reads");
    }
    assertThat(Files.readString(jar)).isEqualTo("new\n");
  }

  @Test
  void help_and_completion_know_the_demonstration_too() throws Exception {
    lanyard("doctor");

    for (var asking : List.of("--help", "help", "completion")) {
      assertThat(lanyard(asking).out()).contains("demo/target/dist/lib/*");
    }
    assertThat(lanyard("serve").out()).doesNotContain("demo/target");
  }

  @Test
  void test_is_maven_with_the_arguments_and_its_exit_code() throws Exception {
    script(home.resolve("mvnw"), "echo \"mvnw $*\"; exit 3");

    var ran = lanyard("test", "-pl", "protocol");

    assertThat(ran.out()).contains("mvnw verify", "-pl protocol");
    assertThat(ran.exit()).isEqualTo(3);
  }
}
