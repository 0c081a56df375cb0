package dev.lanyard.resourceserver.servlet;

import dev.lanyard.protocol.oauth.ResourceIndicator;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a proxy in front makes of the paths of URLs: it puts one beginning in the place of another.
/// Callers sign the URL that they call (`htu` of a DPoP proof), so the filter has to know it, and
/// takes it from here, never from a header such as `X-Forwarded-Prefix`, which anybody may write.
///
/// Of a path that is none of the proxy's nobody knows what the caller has called: it is refused, as
/// is one with the segments `.` and `..`.
///
/// @param publicPath the beginning that callers use, such as `/mcp`; with a slash at its end if
///   they call this very path with one
/// @param internalPath what the proxy puts in its place, such as `/`
/// @spec https://www.rfc-editor.org/rfc/rfc9449.html#section-4.3 RFC 9449 §4.3 (RS-9, RS-23)
public record RewrittenPath(String publicPath, String internalPath) {
  // First: the next one is checked by it.
  private static final Pattern PATH = Pattern.compile("/|(/[A-Za-z0-9._~!$&'()*+,=:@-]+)+/?");

  /// No proxy, or one that leaves paths as they are.
  public static final RewrittenPath NONE = new RewrittenPath("/", "/");

  /// @throws IllegalArgumentException if one of them is no plain path: with an escape, a query, or
  ///   a segment of dots
  public RewrittenPath {
    for (var path : List.of(publicPath, internalPath)) {
      if (!PATH.matcher(path).matches() || hasDots(path)) {
        throw new IllegalArgumentException("'" + path + "' is no plain path");
      }
    }
  }

  /// Refuses to go with a resource that no public path leads to.
  void require(ResourceIndicator resource) {
    var path = URI.create(resource.value()).getRawPath();
    if (!isBelow(path.isEmpty() ? "/" : path, beginning(publicPath))) {
      throw new IllegalArgumentException(
          "the public path " + publicPath + " does not lead to the resource " + resource);
    }
  }

  /// The path that the caller has called.
  ///
  /// @param path as it arrived here, not decoded
  /// @return empty if the proxy would not have made it so
  public Optional<String> called(String path) {
    return equals(NONE) ? Optional.of(path) : moved(path, internalPath, publicPath);
  }

  /// What the proxy makes of a path; the other direction of [#called].
  ///
  /// @param path as the caller has called it, not decoded
  /// @return empty if it does not pass it on as one of these
  public Optional<String> arriving(String path) {
    return equals(NONE) ? Optional.of(path) : moved(path, publicPath, internalPath);
  }

  private static Optional<String> moved(String path, String from, String to) {
    var old = beginning(from);
    if (!isBelow(path, old) || hasDots(path)) {
      return Optional.empty();
    }
    var rest = path.substring(old.length());
    boolean isWhole = rest.isEmpty() || path.equals("/");
    return Optional.of(isWhole ? to : beginning(to) + rest);
  }

  private static String beginning(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static boolean isBelow(String path, String beginning) {
    return path.equals(beginning) || path.startsWith(beginning + "/");
  }

  /// However they are written: `%2e`, or with a parameter behind them.
  private static boolean hasDots(String path) {
    return Arrays.stream(path.split("/", -1))
        .map(segment -> segment.replaceFirst(";.*", "").replaceAll("(?i)%2e", "."))
        .anyMatch(segment -> segment.equals(".") || segment.equals(".."));
  }
}
