package dev.lanyard.server.console.sheet;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;

/// The files that pages are made with: one style, one script, the script that signs, one picture.
/// The address holds the hash of the file, so a browser may keep it for ever.
public final class Assets {
  private static final int ENOUGH = 16;

  /// What pages look like.
  public static final Asset STYLE = asset("console.css", "text/css;charset=utf-8");

  /// What pages do besides, in a browser that lets them.
  public static final Asset SCRIPT = asset("console.js", "text/javascript;charset=utf-8");

  /// Signs what a page shows, with a key that stays in the browser.
  public static final Asset SIGNING = asset("signing.js", "text/javascript;charset=utf-8");

  /// The picture of the product.
  public static final Asset ICON = asset("icon.svg", "image/svg+xml");

  private Assets() {}

  /// A file.
  ///
  /// @param path where browsers find it
  public record Asset(String path, String type, byte[] content) {}

  /// Where browsers fetch them.
  public static List<Route> routes() {
    return List.of(route(STYLE), route(SCRIPT), route(SIGNING), route(ICON));
  }

  private static Route route(Asset asset) {
    var answer =
        Response.bytes(200, asset.type(), asset.content())
            .withHeader("Cache-Control", "public, max-age=31536000, immutable")
            .withHeader("Cross-Origin-Resource-Policy", "same-origin");
    return Route.get(asset.path(), Access.PUBLIC, _ -> answer).nonBlocking();
  }

  private static Asset asset(String name, String type) {
    var content = read(name);
    return new Asset("/assets/" + hash(content) + "/" + name, type, content);
  }

  private static byte[] read(String name) {
    try (var stream = Assets.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException(name + " is missing from this build");
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(byte[] content) {
    var hash = Sha256.of(content);
    return HexFormat.of().formatHex(hash).substring(0, ENOUGH);
  }
}
