package dev.lanyard.resourceserver.mcp;

import dev.lanyard.resourceserver.Requirement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What the tools of a server need beside a valid token (RS-21). Immutable.
///
/// A tool that is not named here is refused, so that a new one is closed until somebody has thought
/// about it; unless others are opened in so many words.
public final class ToolRequirements {
  private final Map<String, Requirement> tools;
  private final Optional<Requirement> others;

  private ToolRequirements(Map<String, Requirement> tools, Optional<Requirement> others) {
    this.tools = Map.copyOf(tools);
    this.others = others;
  }

  /// No tool can be called.
  public static ToolRequirements closed() {
    return new ToolRequirements(Map.of(), Optional.empty());
  }

  /// The same, and this tool can be called with this.
  ///
  /// @param needed **everything** that the tool needs: a challenge names all of it, so that one
  ///   step up is enough (RS-3)
  public ToolRequirements tool(String name, Requirement needed) {
    var more = new HashMap<>(tools);
    more.put(name, needed);
    return new ToolRequirements(more, others);
  }

  /// The same, and every tool that is not named can be called with this.
  public ToolRequirements others(Requirement needed) {
    return new ToolRequirements(tools, Optional.of(needed));
  }

  /// What a tool needs; empty if nobody may call it.
  public Optional<Requirement> of(String tool) {
    return Optional.ofNullable(tools.get(tool)).or(() -> others);
  }
}
