package dev.lanyard.server.export;

import dev.lanyard.protocol.oauth.Secret;
import java.io.IOException;
import java.io.StringReader;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// How we prove ourselves to the brokers of Kafka and whom we trust, in the words of its client. It
/// may say nothing else: what an export promises (acknowledged by all replicas, in order, as text)
/// is not an administrator's to weaken in a file that looks like a password.
public final class KafkaSettings {
  /// TLS with the certificate authorities of the platform, and nothing to prove.
  public static final KafkaSettings NONE = new KafkaSettings(Map.of());

  private static final String PROTOCOL = "security.protocol";
  private static final Set<String> PROTOCOLS =
      Set.of("SSL", "SASL_SSL", "PLAINTEXT", "SASL_PLAINTEXT");

  /// Each lets a broker be somebody else than its certificate says.
  private static final Set<String> NEVER =
      Set.of("ssl.endpoint.identification.algorithm", "ssl.engine.factory.class");

  private final Map<String, Secret> values;

  private KafkaSettings(Map<String, Secret> values) {
    this.values = values;
  }

  /// Reads a file of Java properties.
  ///
  /// @throws IllegalArgumentException that names a key which may not be there, and no value
  public static KafkaSettings parse(Secret file) {
    var properties = new Properties();
    try {
      properties.load(new StringReader(file.reveal()));
    } catch (IOException | IllegalArgumentException e) {
      // What it says may quote the file.
      throw new IllegalArgumentException("the file of properties cannot be read");
    }
    var values = new TreeMap<String, Secret>();
    for (var key : properties.stringPropertyNames()) {
      checkKey(key);
      values.put(key, new Secret(properties.getProperty(key, "")));
    }
    var settings = new KafkaSettings(Map.copyOf(values));
    if (!PROTOCOLS.contains(settings.protocol())) {
      throw new IllegalArgumentException(
          PROTOCOL + " is none of SSL, SASL_SSL, PLAINTEXT, SASL_PLAINTEXT");
    }
    return settings;
  }

  private static void checkKey(String key) {
    boolean ours =
        key.equals(PROTOCOL)
            || key.equals("client.id")
            || key.startsWith("sasl.")
            || key.startsWith("ssl.");
    if (!ours || NEVER.contains(key)) {
      throw new IllegalArgumentException(
          "the file of properties may not set '%s', only %s, client.id, sasl.… and ssl.… without %s"
              .formatted(key, PROTOCOL, NEVER.stream().sorted().collect(Collectors.joining(", "))));
    }
  }

  private String protocol() {
    return values.getOrDefault(PROTOCOL, new Secret("SSL")).reveal();
  }

  /// Whether nobody on the way can read what is sent, or change it.
  boolean encrypted() {
    return protocol().endsWith("SSL");
  }

  /// Everything as the client takes it, with the protocol also where the file has none: the
  /// client's own default is to encrypt nothing.
  public Map<String, String> reveal() {
    var revealed = new TreeMap<String, String>();
    values.forEach((key, value) -> revealed.put(key, value.reveal()));
    revealed.put(PROTOCOL, protocol());
    return revealed;
  }

  /// Nothing of it.
  @Override
  public String toString() {
    return "KafkaSettings[hidden]";
  }
}
