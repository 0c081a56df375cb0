package dev.lanyard.suite;

import java.util.List;

/// One thing that a server has to do.
///
/// @param <B> what the check is made with
/// @param name by which a report names it; never changes
/// @param sentence what is checked, as a sentence about the server
/// @param requirements the requirements that it comes from, by their ids
/// @param trial makes the check
public record Check<B>(
    String name, Level level, String sentence, List<String> requirements, Trial<B> trial) {

  public Check {
    requirements = List.copyOf(requirements);
    if (!name.matches("[a-z0-9-]+") || requirements.isEmpty()) {
      throw new IllegalArgumentException("a check has a name and comes from somewhere: " + name);
    }
  }

  /// A check that binds.
  ///
  /// @param requirements their ids, with a space between
  public static <B> Check<B> must(
      String name, String requirements, String sentence, Trial<B> trial) {
    return new Check<>(name, Level.MUST, sentence, List.of(requirements.split(" ")), trial);
  }

  /// A check of what the specifications advise.
  public static <B> Check<B> should(
      String name, String requirements, String sentence, Trial<B> trial) {
    return new Check<>(name, Level.SHOULD, sentence, List.of(requirements.split(" ")), trial);
  }

  /// A check of what the specifications leave open.
  public static <B> Check<B> may(
      String name, String requirements, String sentence, Trial<B> trial) {
    return new Check<>(name, Level.MAY, sentence, List.of(requirements.split(" ")), trial);
  }

  /// Makes a check.
  @FunctionalInterface
  public interface Trial<B> {
    /// @throws UnusableAnswer if the server answered nothing that can be judged
    /// @throws InterruptedException if nobody wants a verdict any more
    Outcome of(B bench) throws UnusableAnswer, InterruptedException;
  }
}
