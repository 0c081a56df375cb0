package dev.lanyard.server.console;

import dev.lanyard.server.library.Library;
import dev.lanyard.server.publication.Drafts;
import dev.lanyard.server.publication.History;
import dev.lanyard.server.publication.plan.Plan;
import java.time.Duration;
import java.util.function.Consumer;

/// With what the role library is edited.
///
/// @param history the versions that were in force
/// @param planner draws up what a version would change
public record Drafting(Drafts drafts, History history, PlanMaker planner) {

  /// Draws up a plan; changes nothing.
  public interface PlanMaker {
    /// @param window how far back recorded exchanges are replayed
    /// @param progress is told now and then how far it is; what it throws ends the work
    Plan plan(Library base, Library version, Duration window, Consumer<String> progress);
  }
}
