package dev.lanyard.server.console.desk;

import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.LibraryReadings;
import dev.lanyard.server.publication.Drafts;
import dev.lanyard.server.publication.History;
import dev.lanyard.server.publication.Publications;
import dev.lanyard.server.publication.plan.Plan;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// With what the role library is edited.
///
/// @param history the versions that were in force
/// @param readings what files were read already
/// @param planner draws up what a version would change
/// @param publications by which people with keys put a version in force; empty where the folder is
///   the truth
public record Drafting(
    Drafts drafts,
    History history,
    LibraryReadings readings,
    PlanMaker planner,
    Optional<Publications> publications) {

  /// Draws up a plan; changes nothing.
  public interface PlanMaker {
    /// @param window how far back recorded exchanges are replayed
    /// @param progress is told now and then how far it is; what it throws ends the work
    Plan plan(Library base, Library version, Duration window, Consumer<String> progress);
  }
}
