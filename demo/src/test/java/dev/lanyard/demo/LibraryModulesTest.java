package dev.lanyard.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A modular application compiles with a library and what its POM brings")
class LibraryModulesTest {
  /// Of the class path, without what is optional: neither the MCP SDK nor the servlet API.
  private static final Pattern MANDATORY =
      Pattern.compile(
          ".*/(protocol|client|resource-server)/target/.*"
              + "|.*/(nimbus-jose-jwt|jackson-core|jspecify|caffeine)-[^/]*\\.jar");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"dev.lanyard.client", "dev.lanyard.resourceserver"})
  void compiles(String module) throws Exception {
    var source =
        Files.writeString(
            folder.resolve("module-info.java"), "module app { requires " + module + "; }");
    var compiler = ToolProvider.getSystemJavaCompiler();
    var said = new StringWriter();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var options = List.of("-d", folder.toString(), "--module-path", mandatory());
      var task =
          compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(source));

      assertThat(task.call()).as(said.toString()).isTrue();
    }
  }

  private static String mandatory() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(MANDATORY.asMatchPredicate())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
