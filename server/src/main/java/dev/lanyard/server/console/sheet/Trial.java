package dev.lanyard.server.console.sheet;

import dev.lanyard.server.console.sheet.Report.Part;
import java.util.List;

/// A page on which somebody tries a what-if: controls to move, and what follows from them. All of
/// it is in the address, so a trial can be shared and nothing is kept.
///
/// @param action the page
/// @param summary what follows, in one sentence
/// @param parts what follows, in full
/// @param file what says the same to the command line
/// @param command how it is said there
public record Trial(
    String lead,
    String action,
    List<Group> groups,
    String summary,
    List<Part> parts,
    String file,
    String command) {
  public Trial {
    groups = List.copyOf(groups);
    parts = List.copyOf(parts);
  }

  /// Controls that belong together.
  public record Group(String legend, List<Slider> sliders) {
    public Group {
      sliders = List.copyOf(sliders);
    }
  }

  /// Something that is moved from one end to the other.
  ///
  /// @param id of it on the page
  /// @param name of it in the address
  /// @param value where it stands
  /// @param unit what its value is in; empty if it is a number
  /// @param agreed where it stood before anybody moved it
  /// @param problem why it cannot stand there; empty if it can
  public record Slider(
      String id,
      String name,
      String label,
      String value,
      String unit,
      Ends ends,
      String agreed,
      String problem) {}

  /// How far something is moved, and by which steps.
  public record Ends(String least, String most, String step) {}
}
