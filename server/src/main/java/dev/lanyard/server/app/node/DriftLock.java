package dev.lanyard.server.app.node;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.configuration.DriftLockMode;
import dev.lanyard.server.gateway.grade.ToolLock;
import dev.lanyard.server.gateway.message.Repeated;
import dev.lanyard.server.tools.Inspection;
import dev.lanyard.server.tools.KnownTool;
import dev.lanyard.server.tools.Sighting;
import dev.lanyard.server.tools.ToolDefinition;
import dev.lanyard.server.tools.ToolRegister;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Lets the gateway show and call only tools that are what an administrator has accepted.
final class DriftLock implements ToolLock {
  private static final String GATEWAY = "gateway";

  private final ToolRegister register;
  private final DriftLockMode mode;

  /// By connector, the hash of what its server said of itself last with nothing against it.
  private final Map<String, String> plain = new ConcurrentHashMap<>();

  DriftLock(ToolRegister register, DriftLockMode mode) {
    this.register = register;
    this.mode = mode;
  }

  @Override
  public void seen(String connector, List<JsonObject> tools) {
    var _ =
        register.observe(
            new Sighting(connector, ToolDefinition.readable(tools), false, GATEWAY, GATEWAY));
  }

  @Override
  public Standing of(String connector, String tool) {
    if (mode == DriftLockMode.RECORDED) {
      return new Standing.Free();
    }
    return tool.equals(ToolDefinition.INSTRUCTIONS)
        ? new Standing.Quarantined(Quarantine.RESERVED)
        : known(connector, tool);
  }

  private Standing known(String connector, String name) {
    if (register.isUnrecorded(connector, name)) {
      return new Standing.Quarantined(Quarantine.CHANGED);
    }
    return register
        .find(connector, name)
        .map(known -> standing(known.state()))
        .orElseGet(() ->
            new Standing.Quarantined(
                isListed(connector) ? Quarantine.UNOFFERED : Quarantine.UNSEEN));
  }

  /// Whether its server has told of its tools.
  private boolean isListed(String connector) {
    return register.of(connector).stream()
        .anyMatch(tool -> !tool.name().equals(ToolDefinition.INSTRUCTIONS));
  }

  /// What nothing speaks against is passed on and not kept: most servers have instructions, and
  /// whoever had to accept all would read none. What was kept once is judged from then on, whatever
  /// the server says.
  @Override
  public Standing introduced(String connector, String instructions) {
    var said = ToolDefinition.ofInstructions(instructions);
    boolean isKnown = register.find(connector, said.name()).isPresent();
    if (!isKnown && isPlain(connector, said)) {
      return new Standing.Free();
    }
    var _ = register.observe(new Sighting(connector, List.of(said), false, GATEWAY, GATEWAY));
    return mode == DriftLockMode.RECORDED ? new Standing.Free() : known(connector, said.name());
  }

  /// Whether nothing speaks against it. The search takes milliseconds, and a server says the same
  /// to everybody who begins.
  private boolean isPlain(String connector, ToolDefinition said) {
    if (said.hash().equals(plain.get(connector))) {
      return true;
    }
    boolean is = Inspection.of(said).isEmpty();
    if (is) {
      plain.put(connector, said.hash());
    }
    return is;
  }

  @Override
  public List<Repeated> repeated(String connector, String tool) {
    return register.mirrored(connector, tool).stream()
        .map(one -> new Repeated(one.header(), one.path()))
        .toList();
  }

  private static Standing standing(KnownTool.State state) {
    return switch (state) {
      case ACCEPTED -> new Standing.Free();
      case NEW -> new Standing.Quarantined(Quarantine.NEW);
      case CHANGED -> new Standing.Quarantined(Quarantine.CHANGED);
      case WITHDRAWN -> new Standing.Quarantined(Quarantine.WITHDRAWN);
      case REMOVED -> new Standing.Quarantined(Quarantine.REMOVED);
    };
  }
}
