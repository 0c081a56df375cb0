package dev.lanyard.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The browser of the person at this machine, for command-line programs. Always prints the URL too:
/// without a screen, over SSH or when the browser is another one's, the person copies it.
///
/// The program that opens it is started directly, never through a shell, with the URL as one
/// argument; and only `https` URLs are opened, or `http` ones on loopback (CLI-16).
public final class SystemBrowser implements Consumer<URI> {
  private final Consumer<String> print;
  private final String system;
  private final Map<String, String> environment;
  private final Starter starter;

  /// @param print shows a line to the person, e.g. `System.err::println`: standard output may be a
  ///   pipe
  public SystemBrowser(Consumer<String> print) {
    this(print, System.getProperty("os.name", ""), System.getenv(), SystemBrowser::start);
  }

  SystemBrowser(
      Consumer<String> print, String system, Map<String, String> environment, Starter starter) {
    this.print = print;
    this.system = system.toLowerCase(Locale.ROOT);
    this.environment = environment;
    this.starter = starter;
  }

  /// Starts a program.
  @FunctionalInterface
  interface Starter {
    void start(List<String> command) throws IOException;
  }

  private static void start(List<String> command) throws IOException {
    new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .getOutputStream()
        .close();
  }

  /// @throws IllegalArgumentException if the URL is none that a browser should be sent to
  @Override
  public void accept(URI url) {
    if (!isSafe(url)) {
      throw new IllegalArgumentException("not opened, because it is neither https nor loopback");
    }
    var program = program();
    print.accept(
        (program.isPresent()
                ? "Your browser opens to sign you in. If it does not, visit: "
                : "Sign in with a browser on this machine, at: ")
            + url);
    program.ifPresent(command -> {
      try {
        var words = new ArrayList<>(command);
        words.add(url.toASCIIString());
        starter.start(words);
      } catch (IOException e) {
        print.accept("No browser could be started (" + command.getFirst() + ").");
      }
    });
  }

  private static boolean isSafe(URI url) {
    if (url.getHost() == null || url.getRawUserInfo() != null) {
      return false;
    }
    return switch (String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT)) {
      case "https" -> true;
      case "http" -> isLoopback(url.getHost());
      default -> false;
    };
  }

  private static boolean isLoopback(String host) {
    try {
      return host.equals("localhost")
          || (host.matches("[0-9.]+|\\[.*]") && InetAddress.getByName(host).isLoopbackAddress());
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private Optional<List<String>> program() {
    if (system.contains("mac")) {
      return Optional.of(List.of("open"));
    }
    if (system.contains("windows")) {
      return Optional.of(List.of("rundll32", "url.dll,FileProtocolHandler"));
    }
    return environment.containsKey("DISPLAY") || environment.containsKey("WAYLAND_DISPLAY")
        ? Optional.of(List.of("xdg-open"))
        : Optional.empty();
  }
}
