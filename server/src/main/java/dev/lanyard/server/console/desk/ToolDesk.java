package dev.lanyard.server.console.desk;

import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.DataClass;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Tool;
import dev.lanyard.server.tools.Acceptance;
import dev.lanyard.server.tools.Judgement;
import dev.lanyard.server.tools.Judgement.Despite;
import dev.lanyard.server.tools.KnownTool;
import dev.lanyard.server.tools.Suspicion;
import dev.lanyard.server.tools.ToolDifference;
import dev.lanyard.server.tools.ToolRegister;
import dev.lanyard.server.tools.ToolVersion;
import dev.lanyard.server.tools.Visible;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The tools of connectors: what a server says of each, and how an administrator judges it, at a
/// page or through a program. Grades are policy and come from the role library. Thread-safe.
public final class ToolDesk {
  private final Supplier<Library> library;
  private final ToolRegister register;

  ToolDesk(Supplier<Library> library, ToolRegister register) {
    this.library = library;
    this.register = register;
  }

  /// A tool that a server has named, of a connector of the library.
  public record Known(Connector connector, KnownTool tool) {
    /// Its grade in the role library; empty if it has none.
    public Optional<String> grade() {
      return ToolDesk.grade(connector, tool.name());
    }
  }

  /// What somebody has to know of a tool before they judge it.
  ///
  /// @param now what the server says; empty if it does not have the tool any more
  /// @param changes where it says something else than what was accepted
  /// @param suspicions what looks like an attack, in words
  public record Look(Optional<ToolVersion> now, List<Change> changes, List<String> suspicions) {
    public Look {
      changes = List.copyOf(changes);
      suspicions = List.copyOf(suspicions);
    }
  }

  /// A place in which a definition has changed. Every character of it can be seen.
  public record Change(String where, String before, String after) {}

  /// What has become of accepting a tool.
  public sealed interface Judging {
    /// It was judged.
    record Judged(Acceptance acceptance) implements Judging {}

    /// The role library has no grade for it, so nobody accepts it.
    record Ungraded() implements Judging {}
  }

  /// The grade of a tool in the role library, also of one that no server has named; empty if it has
  /// none.
  public static Optional<String> grade(Connector connector, String tool) {
    return connector.tools().find(tool).flatMap(Tool::grade).map(DataClass::name);
  }

  /// The tools that the server of a connector has named.
  public List<KnownTool> of(Connector connector) {
    return register.of(connector.id());
  }

  /// How many tools of a connector wait for a judgement.
  public long waiting(Connector connector) {
    return of(connector).stream().filter(KnownTool::waits).count();
  }

  /// @param connector its id in the role library in force
  /// @return empty if there is no such connector, or its server has named no such tool
  public Optional<Known> find(String connector, String tool) {
    return library
        .get()
        .connector(connector)
        .flatMap(one -> register.find(connector, tool).map(known -> new Known(one, known)));
  }

  /// What there is to know of a tool now.
  public Look look(KnownTool tool) {
    var versions = register.versions(tool.connector(), tool.name());
    var now = version(versions, tool.current());
    var accepted = version(versions, tool.accepted().map(KnownTool.Accepted::hash));
    return new Look(
        now,
        now.flatMap(young -> accepted.map(old -> changes(old, young))).orElse(List.of()),
        now.map(one -> suspicions(one, tool.name())).orElse(List.of()));
  }

  private static Optional<ToolVersion> version(List<ToolVersion> versions, Optional<String> hash) {
    return hash.flatMap(
        one -> versions.stream().filter(version -> version.hash().equals(one)).findFirst());
  }

  private static List<Change> changes(ToolVersion old, ToolVersion young) {
    return ToolDifference.between(old.definition(), young.definition()).places().stream()
        .map(place ->
            new Change(
                Visible.line(place.pointer()),
                place.before().map(Visible::line).orElse(""),
                place.after().map(Visible::line).orElse("")))
        .toList();
  }

  private static List<String> suspicions(ToolVersion version, String tool) {
    return version.suspicions(tool).stream().map(ToolDesk::told).toList();
  }

  private static String told(Suspicion suspicion) {
    return suspicion.kind().meaning() + ", at " + suspicion.pointer() + ": " + suspicion.excerpt();
  }

  /// Accepts a tool as it was read, with the grade that the library gives it now.
  ///
  /// @param hash of the definition that was read
  /// @param despite what was read that speaks against it
  /// @param by who judges, as the record names them
  public Judging accept(
      Known known, String hash, Set<Despite> despite, String by, String correlationId) {
    var tool = known.tool();
    return known
        .grade()
        .map(grade ->
            new Judgement(tool.connector(), tool.name(), hash, grade, despite, by, correlationId))
        .<Judging>map(judgement -> new Judging.Judged(register.accept(judgement)))
        .orElseGet(Judging.Ungraded::new);
  }

  /// Takes an acceptance back: the tool is hidden at once and on every node.
  ///
  /// @param by who does it, as the record names them
  /// @return whether it was accepted
  public boolean withdraw(Known known, String by, String reason, String correlationId) {
    var tool = known.tool();
    return register.withdraw(tool.connector(), tool.name(), by, reason, correlationId);
  }

  /// Forgets a tool that its server no longer has, or that nobody has ever accepted.
  ///
  /// @param by who does it, as the record names them
  /// @return whether it was forgotten
  public boolean forget(Known known, String by, String reason, String correlationId) {
    var tool = known.tool();
    return register.forget(tool.connector(), tool.name(), by, reason, correlationId);
  }
}
