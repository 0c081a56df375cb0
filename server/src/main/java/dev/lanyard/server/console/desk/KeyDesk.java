package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.keys.KeyEntry;
import dev.lanyard.server.keys.KeyException;
import dev.lanyard.server.keys.KeyRotation;
import dev.lanyard.server.keys.KeyRotation.Ending;
import dev.lanyard.server.keys.KeyState;
import dev.lanyard.server.keys.Resealing;
import dev.lanyard.server.keys.Resealing.Count;
import dev.lanyard.server.token.Platform;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What an administrator can do about a signing key: publish a successor, let the successor sign at
/// once, revoke the key.
///
/// One record says who asked for it and why; another, with the same reference, says what came of
/// it. Thread-safe.
public final class KeyDesk {
  /// The word to type before everything is encrypted again.
  public static final String REWRAP = "rewrap";

  private final KeyRotation rotation;
  private final Optional<Resealing> resealing;
  private final Platform platform;

  KeyDesk(KeyRotation rotation, Optional<Resealing> resealing, Platform platform) {
    this.rotation = rotation;
    this.resealing = resealing;
    this.platform = platform;
  }

  /// What can be done with a key.
  public enum Deed {
    ROTATE(
        "rotate",
        "Publish a successor",
        "A new key is published beside this one, and signs as soon as everybody can know it."
            + " Nothing that this one signed is touched.",
        "",
        false),
    RETIRE(
        "retire",
        "Let the successor sign now",
        "Its successor signs from now on, however short it has been published: whoever has fetched"
            + " the keys before that may refuse for some minutes what is signed by it. This one"
            + " stays published.",
        "",
        false),
    REVOKE(
        "revoke",
        "Revoke it",
        "Nothing that this key signed is accepted here any more, at once and on every node, and it"
            + " cannot be undone. Others may go on accepting it for as long as they keep a key set"
            + " that they have fetched; kills end what came of it there. If it was the one that"
            + " signs, another one does, as soon as one can be made.",
        "revoke",
        true);

    private final String path;
    private final String label;
    private final String effect;
    private final String typed;
    private final boolean danger;

    Deed(String path, String label, String effect, String typed, boolean danger) {
      this.path = path;
      this.label = label;
      this.effect = effect;
      this.typed = typed;
      this.danger = danger;
    }

    public String label() {
      return label;
    }

    public String effect() {
      return effect;
    }

    /// The last segment of its address.
    public String path() {
      return path;
    }

    /// The word to type first; empty if none.
    public String typed() {
      return typed;
    }

    /// Whether it takes something away.
    public boolean danger() {
      return danger;
    }
  }

  /// The keys of every server.
  public List<KeyEntry> keys() {
    return rotation.keys();
  }

  public Optional<KeyEntry> find(String id) {
    return rotation.keys().stream().filter(key -> key.keyId().equals(id)).findFirst();
  }

  /// When a key that is next will sign.
  public Instant signsFrom(KeyEntry key) {
    return rotation.signsFrom(key);
  }

  /// When the successor of an active key is made.
  public Instant succeededFrom(KeyEntry key) {
    return rotation.succeededFrom(key);
  }

  /// When a retired key is not published any more; empty if never.
  public Optional<Instant> publishedUntil(KeyEntry key) {
    return rotation.publishedUntil(key);
  }

  /// What can be done with a key as it stands.
  public List<Deed> fitting(KeyEntry key) {
    boolean succeeded = rotation.hasSuccessor(key);
    return Arrays.stream(Deed.values()).filter(deed -> fits(deed, key.state(), succeeded)).toList();
  }

  /// Whether a deed makes sense for a key as it stands.
  public boolean fits(KeyEntry key, Deed deed) {
    return fits(deed, key.state(), rotation.hasSuccessor(key));
  }

  private static boolean fits(Deed deed, KeyState state, boolean hasSuccessor) {
    return switch (deed) {
      case ROTATE -> state == KeyState.ACTIVE && !hasSuccessor;
      case RETIRE -> state == KeyState.ACTIVE && hasSuccessor;
      case REVOKE -> state != KeyState.REVOKED;
    };
  }

  /// @param seen the state of the key when somebody looked at it, if they did
  /// @return false if the key is in another state by now, or somebody else was faster
  public boolean act(Actor by, KeyEntry key, Deed deed, Optional<String> seen, String reason) {
    if (!seen.orElse(key.state().value()).equals(key.state().value()) || !fits(key, deed)) {
      return false;
    }
    var evidence = JsonObject.builder().put("kid", key.keyId()).put("reason", reason).build();
    platform.journal().allowed(by.subject("console.key-" + deed.path), by.findings(evidence));
    return switch (deed) {
      case ROTATE -> rotate(key, by.correlationId());
      case RETIRE -> rotation.retire(key.keyId(), by.correlationId()) instanceof Ending.Ended;
      case REVOKE ->
          switch (rotation.revoke(key.keyId(), by.correlationId())) {
            case Ending.Ended _, Ending.Unsucceeded _ -> true;
            case Ending.Unknown _, Ending.NotActive _, Ending.NoSuccessor _, Ending.Overtaken _ ->
                false;
          };
    };
  }

  /// @throws KeyException if no successor can be made
  private boolean rotate(KeyEntry key, String correlationId) {
    var published = rotation.rotate(one -> one.keyId().equals(key.keyId()), correlationId);
    if (!published.unmade().isEmpty()) {
      throw published.unmade().getFirst();
    }
    return !published.made().isEmpty();
  }

  /// Whether a former master key is known, so that what it has encrypted can be encrypted again.
  public boolean knowsFormerKey() {
    return resealing.isPresent();
  }

  /// Encrypts everything again with the master key in force, while servers run. One record before
  /// it says who asked for it and why; one after it says what came of it.
  ///
  /// @return how many values, by table; empty if no former master key is known
  public Optional<List<Count>> rewrap(Actor by, String reason) {
    return resealing.map(one -> {
      var evidence = JsonObject.builder().put("reason", reason).build();
      platform.journal().allowed(by.subject("console.rewrap"), by.findings(evidence));
      var counts = one.run();
      var done = JsonObject.builder();
      counts.forEach(count -> done.put(count.table(), count.values()));
      platform.journal().allowed(by.subject("console.rewrapped"), by.findings(done.build()));
      return counts;
    });
  }
}
