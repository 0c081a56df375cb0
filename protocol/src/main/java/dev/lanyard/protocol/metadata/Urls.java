package dev.lanyard.protocol.metadata;

import dev.lanyard.protocol.json.MalformedException;
import java.net.URI;
import java.net.URISyntaxException;

/// URLs out of documents that anybody may have written.
final class Urls {
  private Urls() {}

  /// An absolute http(s) URL: `javascript:` and its kin must not reach a browser or a socket
  /// (CLI-16).
  static URI http(String value, String member) throws MalformedException {
    try {
      var uri = new URI(value);
      if (!isHttp(uri)) {
        throw new MalformedException("member '" + member + "' is not an http(s) URL");
      }
      return uri;
    } catch (URISyntaxException e) {
      throw new MalformedException("member '" + member + "' is not a URL");
    }
  }

  private static boolean isHttp(URI uri) {
    var scheme = uri.getScheme();
    return ("https".equals(scheme) || "http".equals(scheme))
        && uri.getHost() != null
        && uri.getRawUserInfo() == null
        && uri.getRawFragment() == null;
  }
}
