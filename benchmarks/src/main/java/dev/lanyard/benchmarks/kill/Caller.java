package dev.lanyard.benchmarks.kill;

/// Makes calls at one point and says what became of them. For one thread.
interface Caller extends AutoCloseable {
  Point point();

  Outcome call(int person);

  @Override
  default void close() {}

  /// Makes a call and notes it.
  default Outcome call(int person, History.Part into) {
    long began = System.nanoTime();
    var outcome = call(person);
    into.add(began, System.nanoTime(), person, point(), outcome);
    return outcome;
  }
}
