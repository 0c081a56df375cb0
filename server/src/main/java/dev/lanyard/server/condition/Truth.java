package dev.lanyard.server.condition;

/// What became of a condition. Only [Met] may let somebody in.
public sealed interface Truth {
  /// It is true.
  record Met() implements Truth {}

  /// It is false.
  record NotMet() implements Truth {}

  /// It could not be evaluated, which is as good as false and worth an administrator's attention.
  ///
  /// @param why what went wrong, without a value of the situation's
  record Failed(String why) implements Truth {}
}
