package dev.lanyard.server.app.node;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.gateway.task.TaskSeal;
import dev.lanyard.server.keys.KeyException;
import dev.lanyard.server.keys.MasterKey;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Seals under the master key, if this process has it: one that plays the gateway alone need not.
final class MasterTaskSeal implements TaskSeal {
  private static final Logger LOG = LoggerFactory.getLogger(MasterTaskSeal.class);

  private final Supplier<Optional<MasterKey>> masterKey;

  /// @param open opens the master key; asked once, when it is first needed
  MasterTaskSeal(Supplier<MasterKey> open) {
    this.masterKey = Enforcement.lazily(() -> opened(open));
  }

  private static Optional<MasterKey> opened(Supplier<MasterKey> open) {
    try {
      return Optional.of(open.get());
    } catch (KeyException e) {
      LOG.warn(
          "without the master key, tasks of killed people are ended at their servers by the node"
              + " that has seen them alone: {}",
          e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public Optional<String> sealed(Secret address, String context) {
    return masterKey.get().map(key -> key.seal(address, context));
  }

  @Override
  public Optional<Secret> opened(String sealed, String context) {
    try {
      return masterKey.get().map(key -> key.open(sealed, context));
    } catch (KeyException e) {
      LOG.warn("what a server has to be told of a task: {}", e.getMessage());
      return Optional.empty();
    }
  }
}
