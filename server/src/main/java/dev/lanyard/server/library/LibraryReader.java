package dev.lanyard.server.library;

import dev.lanyard.server.condition.ConditionCompiler;
import dev.lanyard.server.library.LibrarySource.Reading;
import dev.lanyard.server.yaml.Fault;
import dev.lanyard.server.yaml.FaultyFileException;
import dev.lanyard.server.yaml.YamlDocument;
import dev.lanyard.server.yaml.YamlMap;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/// Reads the files of a role library: what is named first, in all files, before what names it.
final class LibraryReader {
  private static final List<String> SECTIONS =
      List.of("data_classes", "connectors", "clients", "roles", "exceptions", "separation_of_duty");

  private final LibrarySource source;
  private final ConditionReader conditions;
  private final Places places = new Places();
  private final Map<Path, YamlDocument> documents = new LinkedHashMap<>();
  private final Set<Fault> faults = new LinkedHashSet<>();

  LibraryReader(LibrarySource source, ConditionCompiler compiler) {
    this.source = source;
    this.conditions = new ConditionReader(compiler);
  }

  Reading read() {
    source.files().forEach(this::parse);
    var classes = new DataClassesReader();
    eachFile(classes::read);
    var connectors = new ConnectorReader(classes, places);
    eachFile(connectors::read);
    var clients = new ClientsReader(places);
    eachFile(clients::readNames);
    var given = new GivenReader(connectors.declared(), connectors.details(), conditions);
    var roles = new RoleReader(classes, clients.names(), given, places);
    eachFile(roles::read);
    eachFile((file, top) -> clients.read(file, top, roles.names()));
    var exemptions = new ExemptionReader(classes, given, places);
    eachFile(exemptions::read);
    var separations = new SeparationReader(given, places);
    eachFile(separations::read);
    if (!faults.isEmpty()) {
      throw new FaultyFileException(
          faults.stream()
              .sorted(Comparator.comparing(Fault::file).thenComparingInt(Fault::line))
              .toList());
    }
    var library =
        new Library(
            source.version(),
            classes.classes(),
            connectors.connectors(),
            roles.roles(),
            clients.clients(),
            exemptions.exemptions(),
            separations.separations());
    return new Reading(library, places);
  }

  private void parse(String name, String text) {
    var file = source.origin().resolve(name);
    try {
      documents.put(file, YamlDocument.parse(file, text));
    } catch (FaultyFileException e) {
      faults.addAll(e.faults());
    }
  }

  private void eachFile(BiConsumer<Path, YamlMap> reader) {
    documents.forEach((file, document) -> {
      try {
        document.read(top -> {
          reader.accept(file, top);
          // The sections of the other readings are no unknown keys.
          return SECTIONS.stream().filter(top::has).count();
        });
      } catch (FaultyFileException e) {
        // A set: what several readings find is told once.
        faults.addAll(e.faults());
      }
    });
  }
}
