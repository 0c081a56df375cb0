package dev.lanyard.server.transparency;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Numbers that no record had when others that follow had one.
///
/// @param first the first of them
/// @param last the last of them
record Gap(long first, long last, Instant since) {

  /// What is left of it when these numbers have turned up.
  ///
  /// @param found in order
  List<Gap> without(List<Long> found) {
    var rest = new ArrayList<Gap>();
    long from = first;
    for (long number : found) {
      if (number >= first && number <= last) {
        if (number > from) {
          rest.add(new Gap(from, number - 1, since));
        }
        from = number + 1;
      }
    }
    if (from <= last) {
      rest.add(new Gap(from, last, since));
    }
    return rest;
  }
}
