package dev.lanyard.server.publication;

import dev.lanyard.server.library.LibrarySource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// How the files of two versions differ, line by line.
public final class TextDifference {
  /// The product of the lengths above which two files are shown whole: looking for the shortest
  /// difference would take too long.
  private static final long LARGEST = 4_000_000;

  private TextDifference() {}

  /// Lines with `-` for what goes and `+` for what comes, under the name of each file that differs.
  public static List<String> between(LibrarySource before, LibrarySource after) {
    var names = new TreeSet<>(before.files().keySet());
    names.addAll(after.files().keySet());
    var lines = new ArrayList<String>();
    for (var name : names) {
      var from = before.files().getOrDefault(name, "");
      var to = after.files().getOrDefault(name, "");
      if (!from.equals(to)) {
        lines.add("--- " + name);
        compare(from.lines().toList(), to.lines().toList(), lines);
      }
    }
    return lines;
  }

  private static void compare(List<String> from, List<String> to, List<String> out) {
    int head = 0;
    while (head < from.size() && head < to.size() && from.get(head).equals(to.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < from.size() - head
        && tail < to.size() - head
        && from.get(from.size() - 1 - tail).equals(to.get(to.size() - 1 - tail))) {
      tail++;
    }
    var gone = from.subList(head, from.size() - tail);
    var come = to.subList(head, to.size() - tail);
    if ((long) gone.size() * come.size() > LARGEST) {
      gone.forEach(line -> out.add("-" + line));
      come.forEach(line -> out.add("+" + line));
    } else {
      shortest(gone, come, out, head);
    }
  }

  /// Along the longest common subsequence.
  private static void shortest(List<String> gone, List<String> come, List<String> out, int head) {
    var common = new int[gone.size() + 1][come.size() + 1];
    for (int i = gone.size() - 1; i >= 0; i--) {
      for (int j = come.size() - 1; j >= 0; j--) {
        common[i][j] =
            gone.get(i).equals(come.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    out.add("@@ line " + (head + 1));
    int i = 0;
    int j = 0;
    while (i < gone.size() || j < come.size()) {
      if (i < gone.size() && j < come.size() && gone.get(i).equals(come.get(j))) {
        out.add(" " + gone.get(i));
        i++;
        j++;
      } else if (j == come.size() || (i < gone.size() && common[i + 1][j] >= common[i][j + 1])) {
        out.add("-" + gone.get(i++));
      } else {
        out.add("+" + come.get(j++));
      }
    }
  }
}
