package dev.lanyard.server.publication;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.VerificationKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.yaml.Reloading;
import dev.lanyard.server.yaml.YamlFile;
import dev.lanyard.server.yaml.YamlMap;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Who may have a say in the role library, from a file beside the configuration: not from the
/// database, so that whoever can write there cannot make themselves an approver. Immutable.
public record Approvers(List<Approver> all) {
  /// With which they sign.
  public static final Set<SigningAlgorithm> ALGORITHMS = Set.of(SigningAlgorithm.ES256);

  public Approvers {
    all = List.copyOf(all);
  }

  /// Reads the file and goes on watching it.
  ///
  /// @throws dev.lanyard.server.yaml.FaultyFileException with everything that is wrong in it
  public static Reloading<Approvers> watch(Path file) {
    return Reloading.open(file, (path, _) -> read(path));
  }

  /// Reads the file.
  ///
  /// @throws dev.lanyard.server.yaml.FaultyFileException with everything that is wrong in it
  public static Approvers read(Path file) {
    return YamlFile.read(file, Approvers::read);
  }

  private static Approvers read(YamlMap top) {
    var approvers = new ArrayList<Approver>();
    var keys = new HashMap<String, String>();
    for (var map : top.maps("approvers")) {
      approver(map)
          .ifPresent(read -> {
            if (approvers.stream().anyMatch(one -> one.name().equals(read.name()))) {
              map.fault("name", "'" + read.name() + "' is there twice; remove one");
            }
            // One key under two names would make one person two.
            var other = keys.putIfAbsent(read.key().thumbprint(), read.name());
            if (other != null) {
              map.fault("key", "'" + other + "' has this key too; each person needs their own");
            }
            approvers.add(read);
          });
    }
    return new Approvers(approvers);
  }

  private static Optional<Approver> approver(YamlMap map) {
    var name = map.text("name");
    var key = key(map);
    var rights = map.attempts("may", Right::of);
    if (rights.isEmpty()) {
      map.fault("may", "'may' is missing; use some of: " + Right.NAMES);
    }
    var retired = map.attempt("retired", Approvers::instant);
    return key.map(found -> new Approver(name, found, rights(rights), retired));
  }

  private static Set<Right> rights(List<Right> rights) {
    return rights.isEmpty() ? Set.of() : EnumSet.copyOf(rights);
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("write it as 2026-11-23T09:00:00Z", e);
    }
  }

  private static Optional<VerificationKey> key(YamlMap map) {
    var section = map.optionalMap("key");
    if (section.isEmpty()) {
      map.fault("key", "'key' is missing; copy what 'lanyard approver key' printed");
      return Optional.empty();
    }
    var jwk = JsonObject.builder();
    for (var member : section.get().keys()) {
      jwk.putIfPresent(member, section.get().optionalText(member));
    }
    try {
      var read = jwk.build();
      if (read.has("d")) {
        map.fault("key", "'key' is a private key, which is lost now; make a new one");
        return Optional.empty();
      }
      return Optional.of(VerificationKey.fromJwk(read));
    } catch (MalformedException e) {
      map.fault("key", "'key' is not a public key of ours: " + e.getMessage());
      return Optional.empty();
    }
  }

  /// The person with this name.
  public Optional<Approver> named(String name) {
    return all.stream().filter(one -> one.name().equals(name)).findFirst();
  }
}
