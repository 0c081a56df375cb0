package dev.lanyard.client.flow;

import dev.lanyard.client.CredentialStore;
import dev.lanyard.protocol.oauth.Secret;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Remembers what a store could not keep until the process ends, and says so in the log. Where
/// refresh tokens rotate, the one before is spent: who sent it again would be taken for a thief.
/// Thread-safe.
public final class RememberingStore implements CredentialStore {
  private static final System.Logger LOG = System.getLogger("dev.lanyard.client");

  private final CredentialStore store;
  private final Map<String, Secret> notKept = new ConcurrentHashMap<>();

  public RememberingStore(CredentialStore store) {
    this.store = store;
  }

  @Override
  public Optional<Secret> find(String name) {
    var remembered = Optional.ofNullable(notKept.get(name));
    return remembered.isPresent() ? remembered : store.find(name);
  }

  @Override
  public void keep(String name, Secret value) {
    try {
      store.keep(name, value);
      notKept.remove(name);
    } catch (UncheckedIOException e) {
      notKept.put(name, value);
      LOG.log(
          System.Logger.Level.WARNING,
          "a credential could not be kept; it is good until this program ends: {0}",
          e.getMessage());
    }
  }

  @Override
  public void forget(String name) {
    notKept.remove(name);
    store.forget(name);
  }
}
