package dev.lanyard.server.console.sheet;

import dev.lanyard.protocol.oauth.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The part of a list that one page shows.
///
/// @param from how many rows come before
/// @param all how many rows there are in all
/// @param name what in an address says which page: a page with two lists has two
public record Slice<T>(List<T> rows, int from, int all, String name) {
  /// The most rows of one page.
  public static final int SIZE = 50;

  private static final String FROM = "from";

  public Slice {
    rows = List.copyOf(rows);
  }

  /// The part that an address asks for; the first one if it asks for none.
  public static <T> Slice<T> of(List<T> all, Optional<Form> query) {
    return of(all, query, FROM);
  }

  /// The same of a list that is not the only one on its page.
  public static <T> Slice<T> of(List<T> all, Optional<Form> query, String name) {
    int from =
        query
            .flatMap(form -> form.one(name))
            .filter(text -> text.matches("\\d{1,6}"))
            .map(Integer::valueOf)
            .filter(number -> number < all.size())
            .orElse(0);
    return new Slice<>(
        all.subList(from, Math.min(all.size(), from + SIZE)), from, all.size(), name);
  }

  /// Which rows these are, for people; empty if they are all.
  public String told() {
    return rows.size() == all ? "" : "%d to %d of %d.".formatted(from + 1, from + rows.size(), all);
  }

  /// Links to the pages before and after.
  ///
  /// @param asked the other parameters of the address; empty ones are left out
  public List<Message.Way> ways(String path, Map<String, String> asked) {
    var ways = new ArrayList<Message.Way>();
    if (from > 0) {
      ways.add(new Message.Way(address(path, asked, Math.max(0, from - SIZE)), "Previous page"));
    }
    if (from + rows.size() < all) {
      ways.add(new Message.Way(address(path, asked, from + SIZE), "Next page"));
    }
    return ways;
  }

  /// An address with parameters.
  ///
  /// @param asked the parameters; empty ones are left out
  public static String address(String path, Map<String, String> asked) {
    var form = Form.builder();
    new TreeMap<>(asked)
        .forEach((name, value) -> {
          if (!value.isEmpty()) {
            form.add(name, value);
          }
        });
    var query = form.build().encode();
    return query.isEmpty() ? path : path + "?" + query;
  }

  private String address(String path, Map<String, String> asked, int from) {
    var all = new TreeMap<>(asked);
    all.put(name, Integer.toString(from));
    return address(path, all);
  }
}
