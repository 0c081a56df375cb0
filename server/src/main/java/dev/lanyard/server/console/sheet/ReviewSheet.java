package dev.lanyard.server.console.sheet;

import dev.lanyard.server.console.sheet.Report.Part;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A review with its evidence, item by item, and what whoever looks at it may sign.
///
/// @param head what is said of it before the items
/// @param told which of the items these are; empty if they are all
/// @param ways to the other items
/// @param signing what the visitor may sign; empty if nothing
/// @param foot what is said after the items
public record ReviewSheet(
    List<Part> head,
    String told,
    List<Message.Way> ways,
    List<Item> items,
    Optional<Signing> signing,
    List<Part> foot) {
  public ReviewSheet {
    head = List.copyOf(head);
    ways = List.copyOf(ways);
    items = List.copyOf(items);
    foot = List.copyOf(foot);
  }

  /// @param anchor its id on the page
  /// @param lines the facts
  /// @param stood names the decision that stands; empty if there is none
  public record Item(
      String id,
      String anchor,
      String title,
      List<String> lines,
      Optional<Decision> decision,
      String stood) {
    public Item {
      lines = List.copyOf(lines);
    }
  }

  /// @param doubt why its signature is not good; empty if it is
  public record Decision(
      String ruling, String tone, String by, String rationale, Instant at, String doubt) {}

  /// What a script needs to know to sign in the browser. Nothing of it is secret.
  ///
  /// @param decides whether items are decided, or all of them signed
  /// @param action where it is sent
  /// @param name whose name is under it
  /// @param person by whom the browser knows its keys
  /// @param keyX of their public key, to tell early that it is another one
  /// @param about what is signed if nothing is decided: the hash of all decisions
  public record Signing(
      boolean decides,
      String action,
      String installation,
      String review,
      String pack,
      String name,
      String person,
      String keyX,
      String about,
      Instant at) {}
}
