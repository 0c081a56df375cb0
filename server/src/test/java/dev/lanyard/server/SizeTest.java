package dev.lanyard.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("docs/style.md, Shape: what fits on a screen and in a head")
class SizeTest {
  private static final int FILE = 300;
  private static final int METHOD = 60;

  /// What is longer today, in lines of code. The numbers may fall, and nothing may be added.
  private static final Map<String, Integer> LONG_FILES =
      Map.of(
          "GrantTable", 320,
          "Lanyard", 308);

  /// The same of methods, in lines.
  private static final Map<String, Integer> LONG_METHODS =
      Map.ofEntries(
          Map.entry("Asked.checks", 119),
          Map.entry("Lanyard.<init>", 114),
          Map.entry("Requests.checks", 108),
          Map.entry("Issued.assertions", 102),
          Map.entry("Identities.clients", 90),
          Map.entry("Redeemed.responses", 74),
          Map.entry("Documents.checks", 73),
          Map.entry("OrganisationApi.routes", 71),
          Map.entry("Identities.people", 69),
          Map.entry("Spoilt.signatures", 66),
          Map.entry("Scim.resources", 63),
          Map.entry("Population.write", 62));

  @Test
  @DisplayName("A file has at most 300 lines of code; comments and imports do not count")
  void files() throws IOException {
    var sizes = new TreeMap<String, Integer>();
    for (var file : sources()) {
      int code = (int) Files.readAllLines(file).stream().filter(SizeTest::isCode).count();
      if (code > FILE) {
        sizes.merge(name(file), code, Math::max);
      }
    }
    judge(sizes, LONG_FILES);
  }

  private static boolean isCode(String line) {
    var text = line.strip();
    return !text.isEmpty()
        && !text.startsWith("//")
        && !text.startsWith("import ")
        && !text.startsWith("package ");
  }

  @Test
  @DisplayName("A method has 40 lines, and none has more than 60")
  void methods() throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var units = files.getJavaFileObjectsFromPaths(sources());
      var parser =
          (JavacTask) compiler.getTask(null, files, _ -> {}, List.of("-proc:none"), null, units);
      var positions = Trees.instance(parser).getSourcePositions();
      var sizes = new TreeMap<String, Integer>();
      for (var unit : parser.parse()) {
        new Methods(unit, positions).scan(unit, sizes);
      }
      judge(sizes, LONG_METHODS);
    }
  }

  /// Notes the long methods of one file.
  private static final class Methods extends TreeScanner<Void, Map<String, Integer>> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;

    Methods(CompilationUnitTree unit, SourcePositions positions) {
      this.unit = unit;
      this.positions = positions;
    }

    @Override
    public Void visitMethod(MethodTree method, Map<String, Integer> sizes) {
      if (method.getBody() != null) {
        long first = positions.getStartPosition(unit, method.getBody());
        long last = positions.getEndPosition(unit, method.getBody());
        var lines = unit.getLineMap();
        int size = (int) (lines.getLineNumber(last) - lines.getLineNumber(first) + 1);
        if (size > METHOD) {
          var file = name(Path.of(unit.getSourceFile().getName()));
          sizes.merge(file + "." + method.getName(), size, Math::max);
        }
      }
      return super.visitMethod(method, sizes);
    }
  }

  private static void judge(Map<String, Integer> found, Map<String, Integer> allowed) {
    assertThat(found)
        .as("what is too long: split it at a purpose; what was split is taken off the list")
        .containsOnlyKeys(allowed.keySet());
    assertThat(
            found.entrySet().stream()
                .filter(one -> one.getValue() > allowed.get(one.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))
        .as("what was too long and has grown")
        .isEmpty();
  }

  /// What we ship, in all modules.
  private static List<Path> sources() throws IOException {
    var sources = new ArrayList<Path>();
    try (var modules = Files.newDirectoryStream(Path.of("..").toRealPath(), Files::isDirectory)) {
      for (var module : modules) {
        var main = module.resolve("src/main/java");
        if (Files.isDirectory(main)) {
          try (var files = Files.walk(main)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
          }
        }
      }
    }
    return sources;
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName()).replace(".java", "");
  }
}
