package dev.lanyard.server.app.configuration;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.EventClass;
import dev.lanyard.server.tlog.NoteKey;
import dev.lanyard.server.transparency.RetentionTimes;
import dev.lanyard.server.transparency.TransparencyConfig;
import dev.lanyard.server.transparency.TransparencyConfig.Anchor;
import dev.lanyard.server.transparency.TransparencyConfig.WitnessAt;
import dev.lanyard.server.yaml.YamlMap;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// The `audit` section.
///
/// @param path makes a path of what the file says
/// @param secret reads the file of a secret
/// @param longSecret the same for one that must not be guessed
public record TransparencySection(
    Function<String, Path> path,
    Function<String, Secret> secret,
    Function<String, Secret> longSecret) {

  TransparencyConfig read(YamlMap map) {
    return new TransparencyConfig(
        map.maps("anchors").stream().map(this::anchor).flatMap(Optional::stream).toList(),
        map.maps("witnesses").stream()
            .map(one ->
                new WitnessAt(
                    one.value("url", URI::create), one.value("key", TransparencySection::key)))
            .toList(),
        map.duration("every", TransparencyConfig.NONE.every()),
        map.optionalValue("token_file", longSecret),
        retention(map));
  }

  private static RetentionTimes retention(YamlMap map) {
    var own = new TreeMap<String, Map<EventClass, Duration>>();
    map.optionalMap("retention_by_organisation")
        .ifPresent(all -> all.keys().forEach(name -> own.put(name, times(all.map(name)))));
    return new RetentionTimes(
        map.optionalMap("retention").map(TransparencySection::times).orElse(Map.of()), own);
  }

  private static Map<EventClass, Duration> times(YamlMap map) {
    var times = new EnumMap<EventClass, Duration>(EventClass.class);
    for (var its : EventClass.values()) {
      map.optionalDuration(its.value()).ifPresent(life -> times.put(its, life));
    }
    return times;
  }

  private Optional<Anchor> anchor(YamlMap map) {
    if (map.has("file")) {
      return Optional.of(new Anchor.InFile(map.value("file", path)));
    }
    if (map.has("put") || map.has("post")) {
      var method = map.has("put") ? "put" : "post";
      return Optional.of(
          new Anchor.OverHttp(
              method.toUpperCase(Locale.ROOT),
              map.text(method),
              map.optionalValue("token_file", secret)));
    }
    map.fault("file", "an anchor has a 'file', or a URL to 'put' or to 'post' to");
    return Optional.empty();
  }

  public static NoteKey key(String written) {
    try {
      return NoteKey.parse(written);
    } catch (MalformedException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
