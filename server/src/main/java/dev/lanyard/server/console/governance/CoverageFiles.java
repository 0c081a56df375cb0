package dev.lanyard.server.console.governance;

import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Slice;
import dev.lanyard.server.governance.coverage.Coverage;
import dev.lanyard.server.governance.coverage.CoverageCsv;
import dev.lanyard.server.governance.coverage.CoveragePng;
import dev.lanyard.server.governance.coverage.CoverageSvg;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// The coverage map as files to be kept: for spreadsheets, programs and slides.
final class CoverageFiles {
  private final Gate gate;
  private final Maps maps;

  CoverageFiles(Gate gate, Maps maps) {
    this.gate = gate;
    this.maps = maps;
  }

  private enum Form {
    CSV("text/csv;charset=utf-8", map -> text(CoverageCsv.of(map))),
    JSON("application/json", map -> text(map.toJson().toJson())),
    SVG("image/svg+xml", map -> text(CoverageSvg.of(map))),
    PNG("image/png", CoveragePng::of);

    private final String type;

    @SuppressWarnings("ImmutableEnumChecker") // A method without a state.
    private final Function<Coverage, byte[]> written;

    Form(String type, Function<Coverage, byte[]> written) {
      this.type = type;
      this.written = written;
    }

    private static byte[] text(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }

    String ending() {
      return name().toLowerCase(Locale.ROOT);
    }

    String address() {
      return CoveragePages.HOME + "/map." + ending();
    }

    /// To be kept, not shown: a picture is a document of this site otherwise, and that may do
    /// nothing here.
    Response of(Coverage map) {
      var name =
          "coverage-%s.%s".formatted(LocalDate.ofInstant(map.at(), ZoneOffset.UTC), ending());
      return Response.bytes(200, type, written.apply(map))
          .withHeader("Content-Disposition", "attachment; filename=\"" + name + "\"")
          .withHeader("Content-Security-Policy", "default-src 'none'; sandbox")
          .withHeader("Cross-Origin-Resource-Policy", "same-origin")
          .noStore();
    }
  }

  List<Route> routes() {
    return Arrays.stream(Form.values())
        .map(form ->
            gate.page(
                form.address(), Sitemap.COVERAGE, (request, visit) -> file(request, visit, form)))
        .toList();
  }

  /// Ways to the files of a time.
  static List<Message.Way> ways(When when) {
    return Arrays.stream(Form.values())
        .map(form -> new Message.Way(Slice.address(form.address(), when.parameter()), form.name()))
        .toList();
  }

  private Response file(Request request, Visit visit, Form form) {
    var when = When.of(Addresses.query(request), visit.at());
    if (when instanceof When.Never) {
      return refused(request, 400, "There is no such file.", When.FORM);
    }
    return maps.of(when)
        .map(form::of)
        .orElseGet(() ->
            refused(
                request,
                503,
                "The map is being counted.",
                "Where there are many people that takes a moment. Try again."));
  }

  private Response refused(Request request, int status, String what, String then) {
    var way = new Message.Way(CoveragePages.HOME, Sitemap.COVERAGE.label());
    return gate.message(request, status, what, then, Optional.of(way));
  }
}
