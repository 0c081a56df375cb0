package dev.lanyard.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The pages of the console, out of its route table, which a test of the server keeps complete: no
/// page can be forgotten here.
final class ConsolePages {
  private static final Path ROUTES = Path.of("../docs/routes.md");
  private static final Pattern PAGE = Pattern.compile("\\| GET \\| `(/[^`]*)` \\| SESSION \\|.*");

  /// Signing in leads on, and files are files.
  private static final Pattern NO_PAGE =
      Pattern.compile("/sign-in|/signed-in|/setup/.*|/audit/.*/proof|.*\\.(csv|json|png|svg|pdf)");

  private final List<Route> routes;

  private ConsolePages(List<Route> routes) {
    this.routes = routes;
  }

  /// @param path as the table has it: `/people/{id}`
  private record Route(String path, Pattern pattern) {
    static Route of(String path) {
      return new Route(path, Pattern.compile(path.replaceAll("\\{[a-z]+}", "[^/]+")));
    }

    int variables() {
      return path.length() - path.replace("{", "").length();
    }
  }

  static ConsolePages read() throws IOException {
    var lines = Files.readAllLines(ROUTES);
    return new ConsolePages(
        lines.subList(lines.indexOf("## Console"), lines.size()).stream()
            .map(PAGE::matcher)
            .filter(matcher -> matcher.matches())
            .map(matcher -> matcher.group(1))
            .filter(path -> !NO_PAGE.matcher(path).matches())
            .map(Route::of)
            // /clients/new is no client that is called so.
            .sorted(Comparator.comparingInt(Route::variables))
            .toList());
  }

  /// Every page, as the route table has it.
  List<String> all() {
    return routes.stream().map(Route::path).toList();
  }

  /// Which page an address is of; empty if it is of none.
  Optional<String> of(String address) {
    var path = address.replaceAll("[?#].*", "");
    return routes.stream()
        .filter(route -> route.pattern().matcher(path).matches())
        .map(Route::path)
        .findFirst();
  }
}
