package dev.lanyard.protocol.dpop;

import dev.lanyard.protocol.json.MalformedException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;

/// The target of a request in the one form in which `htu` is compared: no query and fragment, then
/// syntax-based and scheme-based normalisation.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9449.html#section-4.3 RFC 9449 §4.3
/// @spec https://www.rfc-editor.org/rfc/rfc3986.html#section-6.2.2 RFC 3986 §6.2.2
final class TargetUrl {
  private static final int MAX_LENGTH = 2048;

  private TargetUrl() {}

  /// Reads `htu`.
  ///
  /// @throws MalformedException if it is not an absolute http(s) URL without user
  static URI parse(String htu) throws MalformedException {
    try {
      var uri = new URI(htu.length() > MAX_LENGTH ? "" : htu);
      if (uri.getScheme() == null || uri.getHost() == null || uri.getRawUserInfo() != null) {
        throw new MalformedException("member 'htu' is not an absolute URL");
      }
      return normalised(uri);
    } catch (URISyntaxException e) {
      throw new MalformedException("member 'htu' is not a URL");
    }
  }

  /// @param url absolute, with a host
  static URI normalised(URI url) {
    var scheme = url.getScheme().toLowerCase(Locale.ROOT);
    var host = url.getHost().toLowerCase(Locale.ROOT);
    var port =
        url.getPort() == -1 || url.getPort() == defaultPort(scheme) ? "" : ":" + url.getPort();
    var path = withoutDots(unescaped(url.getRawPath()));
    return URI.create(scheme + "://" + host + port + path);
  }

  private static int defaultPort(String scheme) {
    return switch (scheme) {
      case "https" -> 443;
      case "http" -> 80;
      default -> -1;
    };
  }

  /// Decodes escapes of unreserved characters, which mean the same, and writes the others in
  /// capitals.
  private static String unescaped(String path) {
    var out = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) != '%') {
        out.append(path.charAt(i));
        continue;
      }
      var escape = path.substring(i, i + 3);
      char decoded = (char) Integer.parseInt(escape, 1, 3, 16);
      out.append(isUnreserved(decoded) ? String.valueOf(decoded) : escape.toUpperCase(Locale.ROOT));
      i += 2;
    }
    return out.toString();
  }

  /// Resolves the segments `.` and `..`; the path of nothing is `/`. Not [URI#normalize()]: that
  /// also makes one slash of two.
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc3986.html#section-5.2.4 RFC 3986 §5.2.4
  private static String withoutDots(String path) {
    var segments = path.isEmpty() ? List.of("") : List.of(path.substring(1).split("/", -1));
    var kept = new ArrayDeque<String>();
    for (var segment : segments) {
      if (segment.equals("..")) {
        kept.pollLast();
      } else if (!segment.equals(".")) {
        kept.addLast(segment);
      }
    }
    // A dot at the end stands for a folder.
    if (List.of(".", "..").contains(segments.getLast())) {
      kept.addLast("");
    }
    return "/" + String.join("/", kept);
  }

  private static boolean isUnreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-._~".indexOf(c) >= 0;
  }
}
