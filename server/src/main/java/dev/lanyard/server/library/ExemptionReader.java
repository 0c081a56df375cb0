package dev.lanyard.server.library;

import dev.lanyard.server.yaml.YamlMap;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads the `exceptions:` of the role library.
final class ExemptionReader {
  private final DataClassesReader classes;
  private final GivenReader given;
  private final Names entries;
  private final List<Exemption> exemptions = new ArrayList<>();

  ExemptionReader(DataClassesReader classes, GivenReader given, Places places) {
    this.classes = classes;
    this.given = given;
    this.entries = new Names("exception", places);
  }

  void read(Path file, YamlMap top) {
    top.optionalMap("exceptions")
        .ifPresent(section -> entries.eachEntry(file, section, this::exemption));
  }

  List<Exemption> exemptions() {
    return exemptions;
  }

  private void exemption(String name, YamlMap map) {
    var justification = Texts.justification(map);
    var people = RoleReader.nonEmpty(map, "people", Texts::nonBlank);
    var groups = RoleReader.nonEmpty(map, "groups", Texts::nonBlank);
    if (!map.has("people") && !map.has("groups")) {
      map.fault(
          "people",
          "'people' is missing; name for whom it is, by verified address, given user name or id, or"
              + " by 'groups'");
    }
    if (!map.has("until")) {
      map.fault("until", "'until' is missing; write the day on which it ends, e.g. 2027-03-31");
    }
    var until = map.attempt("until", ExemptionReader::end);
    var clearance = classes.at(map, "clearance");
    if (!map.has("connectors")) {
      map.fault("connectors", "'connectors' is missing; name the connectors that it gives");
    }
    var connectors = map.optionalMap("connectors").map(given::given).orElse(Map.of());
    if (justification.isPresent() && until.isPresent()) {
      exemptions.add(
          new Exemption(
              name,
              justification.get(),
              Set.copyOf(people),
              Set.copyOf(groups),
              until.get(),
              clearance,
              connectors));
    }
  }

  /// A day counts to its end, in UTC; an instant is the first at which nothing is given any more.
  private static Instant end(String text) {
    try {
      return text.contains("T")
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDate.parse(text).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is neither a day (2027-03-31) nor an instant (2027-03-31T18:00:00Z)", e);
    }
  }
}
