package dev.lanyard.server.app.node;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Handler;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.tlog.Tile;
import dev.lanyard.server.transparency.TransparencyLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Checkpoint and tiles of the audit log, for monitors, where C2SP tlog-tiles wants them below
/// `/audit-log`. Only hashes and how many records there are, but that is nobody's business either:
/// whoever bears the secret that the configuration names reads them, and without one there are no
/// such routes. Records are never served.
final class AuditLogEndpoint {
  private static final String PREFIX = "/audit-log";
  private static final int HIGHEST_LEVEL = 7;

  private final TransparencyLog log;
  private final Optional<BearerSecret> secret;

  AuditLogEndpoint(TransparencyLog log, Optional<Secret> secret) {
    this.log = log;
    this.secret = secret.map(one -> new BearerSecret(one, "audit-log"));
  }

  List<Route> routes() {
    var routes = new ArrayList<Route>();
    secret.ifPresent(one -> {
      routes.add(route("/checkpoint", one, _ -> checkpoint()));
      // A number has up to three digits an element, and a part of a tile one element more.
      var path = new StringBuilder("/tile/{level}");
      for (var element : List.of("{a}", "{b}", "{c}", "{d}")) {
        path.append('/').append(element);
        routes.add(route(path.toString(), one, this::tile));
      }
    });
    return routes;
  }

  private static Route route(String path, BearerSecret secret, Handler handler) {
    return Route.get(
        PREFIX + path,
        Access.ADMIN,
        request -> secret.isBorneBy(request) ? handler.handle(request) : secret.refusal());
  }

  private Response checkpoint() {
    return log.checkpoint()
        .map(note -> Response.text(200, note).noStore())
        .orElseGet(() -> Response.empty(404).noStore());
  }

  private Response tile(Request request) {
    return named(request)
        .flatMap(name -> log.tile(name.level, name.number).flatMap(name::part))
        .map(tile -> Response.bytes(200, "application/octet-stream", tile.octets()))
        .orElseGet(() -> Response.empty(404))
        .noStore();
  }

  private record TileName(int level, long number, OptionalInt width) {

    /// So much of it as was asked for; nothing if it is not so wide.
    Optional<Tile> part(Tile tile) {
      int wanted = width.orElse(Tile.WIDTH);
      return tile.width() >= wanted ? Optional.of(tile.first(wanted)) : Optional.empty();
    }
  }

  /// Only the one spelling that the specification has for a tile.
  private static Optional<TileName> named(Request request) {
    var path = request.path().substring(PREFIX.length() + 1);
    var part = path.matches(".*\\.p/[1-9][0-9]{0,2}") ? path.lastIndexOf(".p/") : path.length();
    var full = path.substring(0, part);
    var level = full.replaceFirst("tile/([0-9])/.*", "$1");
    var number = number(full.replaceFirst("tile/[0-9]/", ""));
    if (!level.matches("[0-" + HIGHEST_LEVEL + "]")
        || number.isEmpty()
        || !Tile.path(Integer.parseInt(level), number.getAsLong()).equals(full)) {
      return Optional.empty();
    }
    var width =
        part == path.length()
            ? OptionalInt.empty()
            : OptionalInt.of(Integer.parseInt(path.substring(part + 3)));
    return width.orElse(1) < Tile.WIDTH
        ? Optional.of(new TileName(Integer.parseInt(level), number.getAsLong(), width))
        : Optional.empty();
  }

  private static OptionalLong number(String elements) {
    var digits = elements.replace("x", "").replace("/", "");
    return digits.matches("[0-9]{3,12}")
        ? OptionalLong.of(Long.parseLong(digits))
        : OptionalLong.empty();
  }
}
