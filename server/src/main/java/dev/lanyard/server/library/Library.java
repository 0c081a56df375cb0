package dev.lanyard.server.library;

import dev.lanyard.server.condition.ConditionCompiler;
import dev.lanyard.server.yaml.Reloading;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// One state of the role library: names are unique, every connector that a role gives exists, and a
/// role gives no scope that its connector does not know. Immutable.
///
/// @param version names the content of its files
/// @param dataClasses how sensitive things can be
/// @param connectors in the order of their ids
/// @param roles in the order of their names
/// @param clients in the order of their ids; if there is none, every registered client is approved
/// @param exemptions in the order of their names
/// @param separations in the order of their names
public record Library(
    String version,
    DataClasses dataClasses,
    List<Connector> connectors,
    List<Role> roles,
    List<ApprovedClient> clients,
    List<Exemption> exemptions,
    List<Separation> separations) {
  /// The library without a connector and a role, which allows nothing.
  public static final Library EMPTY = new Library("empty", List.of(), List.of());

  public Library {
    connectors = connectors.stream().sorted(Comparator.comparing(Connector::id)).toList();
    roles = roles.stream().sorted(Comparator.comparing(Role::name)).toList();
    clients = clients.stream().sorted(Comparator.comparing(one -> one.id().value())).toList();
    exemptions = exemptions.stream().sorted(Comparator.comparing(Exemption::name)).toList();
    separations = separations.stream().sorted(Comparator.comparing(Separation::name)).toList();
  }

  /// A library of connectors and roles only.
  public Library(String version, List<Connector> connectors, List<Role> roles) {
    this(version, DataClasses.DEFAULT, connectors, roles, List.of(), List.of(), List.of());
  }

  /// Everything that must hold for something that is given, wherever it is said.
  public List<Requirement> requirements() {
    var ofRoles =
        roles.stream()
            .flatMap(role ->
                Stream.concat(
                    role.conditions().stream(), requirements(role.connectors().values())));
    var ofExemptions = exemptions.stream().flatMap(one -> requirements(one.connectors().values()));
    return Stream.concat(ofRoles, ofExemptions).toList();
  }

  static Stream<Requirement> requirements(Collection<Given> given) {
    return given.stream().flatMap(one -> one.conditions().stream());
  }

  /// The connector with this id.
  public Optional<Connector> connector(String id) {
    return connectors.stream().filter(one -> one.id().equals(id)).findFirst();
  }

  /// Reads every YAML file of a folder.
  ///
  /// @throws dev.lanyard.server.yaml.FaultyFileException with everything that is wrong in them
  public static Library read(Path folder) {
    return LibrarySource.of(folder).read();
  }

  /// Reads a folder and goes on watching it.
  ///
  /// @throws dev.lanyard.server.yaml.FaultyFileException with everything that is wrong in its files
  ///   now
  public static Reloading<Library> watch(Path folder) {
    return watch(folder, Optional::empty);
  }

  /// Like [#watch(Path)], with a library that stands in as long as the files are broken from the
  /// beginning.
  ///
  /// @param lastGood what was in force before, if it was kept
  /// @throws dev.lanyard.server.yaml.FaultyFileException if the files are broken and nothing was
  ///   kept
  public static Reloading<Library> watch(Path folder, Supplier<Optional<LibrarySource>> lastGood) {
    // Kept over all reloads: it remembers what it has compiled.
    var conditions = new ConditionCompiler();
    return Reloading.open(
        folder,
        (path, _) -> LibrarySource.of(path).read(conditions),
        () -> lastGood.get().map(source -> source.read(conditions)));
  }

  /// The first instant after this one at which an exception ends: whoever lost by it is to be found
  /// then.
  public Optional<Instant> nextExpiry(Instant after) {
    return exemptions.stream()
        .map(Exemption::until)
        .filter(until -> until.isAfter(after))
        .min(Comparator.naturalOrder());
  }

  /// Where two audiences that are taken for the same meet: one slash more or less at the end is
  /// what somebody typed, anything else is another server.
  public static String audienceKey(String audience) {
    return audience.endsWith("/") ? audience.substring(0, audience.length() - 1) : audience;
  }
}
