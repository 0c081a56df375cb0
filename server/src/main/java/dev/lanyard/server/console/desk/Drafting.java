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

/// The tools for editing the role library.
///
/// @param history the versions that were in force
/// @param readings reads the files of a library, and remembers those that it has read
/// @param planner computes what a version would change
/// @param publications puts in force what people with keys have signed; empty where the folder
///   decides
public record Drafting(
    Drafts drafts,
    History history,
    LibraryReadings readings,
    PlanMaker planner,
    Optional<Publications> publications) {

  /// Computes a plan and changes nothing.
  public interface PlanMaker {
    /// @param window how far back recorded exchanges are replayed
    /// @param progress hears now and then how far the work is; an exception from it ends the work
    Plan plan(Library base, Library version, Duration window, Consumer<String> progress);
  }
}
