package dev.lanyard.server.gateway.grade;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.gateway.message.Repeated;
import java.util.List;

/// What is known of the tools of a connector beside the grades that the role library gives them:
/// whether a tool is still the one that was graded. Thread-safe.
///
/// The gateway asks before the library: what is quarantined here is neither listed nor called,
/// whoever asks.
public interface ToolLock {
  /// Remembers nothing: the grades of the library decide alone, and hide whatever is not graded.
  ToolLock GRADES_ONLY = new GradesOnly();

  /// Takes note of tools as the upstream has just described them. Called with each answer to
  /// `tools/list`, before anything of it is passed on, and then [#of] is asked for each tool: what
  /// this call finds changed must be quarantined by then. May be one page of a longer list, so a
  /// tool that is not in it is not gone.
  ///
  /// @param connector its id in the role library
  /// @param tools the members of `tools`, unchanged and in order; each has a `name`
  /// @throws java.io.UncheckedIOException if it cannot be recorded; the list is refused then
  void seen(String connector, List<JsonObject> tools);

  /// How a tool stands. Asked for every call and for every tool of a list: answers from memory.
  ///
  /// @param tool its name as the upstream has it
  Standing of(String connector, String tool);

  /// Takes note of what an upstream says of itself to the model (`instructions`), before it is
  /// passed on.
  ///
  /// @return how it stands: what is quarantined is left out
  /// @throws java.io.UncheckedIOException if it cannot be recorded; the answer is refused then
  Standing introduced(String connector, String instructions);

  /// The parameters of a tool that its server wants repeated in headers (`x-mcp-header`). Asked for
  /// every call of 2026-07-28: answers from memory.
  List<Repeated> repeated(String connector, String tool);

  /// How a tool stands.
  sealed interface Standing {
    /// Nothing speaks against it: the library decides.
    record Free() implements Standing {}

    /// Nobody may use it until an administrator has looked at it.
    record Quarantined(Quarantine why) implements Standing {}
  }

  /// Why nobody may use a tool.
  enum Quarantine {
    UNSEEN("nobody has looked at it yet"),
    UNOFFERED("its server offers none that is called so, as far as is known"),
    NEW("nobody has accepted it yet"),
    CHANGED("its server describes it differently since it was accepted"),
    WITHDRAWN("an administrator has taken it out of use"),
    REMOVED("its server does not offer it any more"),
    RESERVED("no tool may be called so");

    private final String detail;

    Quarantine(String detail) {
      this.detail = detail;
    }

    /// What an administrator reads in the record.
    public String detail() {
      return detail;
    }
  }
}
