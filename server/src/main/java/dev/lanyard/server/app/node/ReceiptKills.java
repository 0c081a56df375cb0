package dev.lanyard.server.app.node;

import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.governance.review.Evidence;
import dev.lanyard.server.governance.review.Item;
import dev.lanyard.server.governance.review.Population;
import dev.lanyard.server.governance.value.Kills;
import dev.lanyard.server.receipts.Reach;
import dev.lanyard.server.receipts.Receipt;
import dev.lanyard.server.receipts.ReceiptVerdict;
import dev.lanyard.server.receipts.Receipts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Kills by their receipts: only what a receipt says whose signature was verified counts.
final class ReceiptKills implements Kills {
  private static final int SHOWN = 50;

  private final Receipts receipts;
  private final Supplier<PublicKeySet> keys;

  /// @param keys that sign receipts
  ReceiptKills(Receipts receipts, Supplier<PublicKeySet> keys) {
    this.receipts = receipts;
    this.keys = keys;
  }

  @Override
  public List<Kill> during(Instant from, Instant to) {
    var its = keys.get();
    return receipts.during(from, to).stream().flatMap(one -> kill(one, its).stream()).toList();
  }

  private static Optional<Kill> kill(Receipt receipt, PublicKeySet keys) {
    return receipt.signed().flatMap(signed -> kill(receipt, ReceiptVerdict.of(signed, keys)));
  }

  private static Optional<Kill> kill(Receipt receipt, ReceiptVerdict verdict) {
    if (!(verdict instanceof ReceiptVerdict.Genuine(var account))) {
      return Optional.empty();
    }
    try {
      var reach = Reach.of(account);
      var from = reach.refusedFrom();
      var residual = new HashMap<String, Residual>();
      reach
          .residual()
          .forEach((connector, left) ->
              residual.put(
                  connector,
                  new Residual(
                      Duration.between(from, left.noNewTokenFrom()),
                      left.untilAtMost().map(until -> Duration.between(from, until)))));
      return Optional.of(
          new Kill(
              reach.everywhereBy().map(at -> Duration.between(from, at)),
              !reach.notRefused().isEmpty(),
              receipt.isFinal(),
              residual));
    } catch (MalformedException e) {
      // Signed by us, so written by another release of this program: not counted, not guessed.
      return Optional.empty();
    }
  }

  /// Those of the people who are counted in a review, and those that are about nobody alone.
  Evidence evidence(Population population) {
    return period -> of(period, population);
  }

  private List<Item> of(Evidence.Period period, Population population) {
    var its = keys.get();
    var everywhere = receipts.during(period.since(), period.until());
    var all =
        everywhere.stream().filter(one -> one.person().map(population::has).orElse(true)).toList();
    var lines = new ArrayList<String>();
    int genuine = 0;
    int notRefused = 0;
    int notKnown = 0;
    for (var one : all) {
      var kill = kill(one, its);
      genuine += kill.isPresent() ? 1 : 0;
      notRefused += kill.filter(Kill::isTaken).isPresent() ? 1 : 0;
      notKnown += kill.filter(it -> it.everywhere().isEmpty() && !it.isTaken()).isPresent() ? 1 : 0;
      if (lines.size() < SHOWN) {
        lines.add(line(one, kill));
      }
    }
    if (all.size() > SHOWN) {
      lines.add("and %d more: `lanyard receipt list`".formatted(all.size() - SHOWN));
    }
    if (all.isEmpty()) {
      lines.add("nobody was killed in this period");
    }
    Population.elsewhere((long) everywhere.size() - all.size()).ifPresent(lines::add);
    return List.of(
        new Item(
            "kills:receipts",
            "Kill receipts",
            lines,
            JsonObject.builder()
                .put("receipts", all.size())
                .put("genuine", genuine)
                .put("not_refused", notRefused)
                .put("not_known", notKnown)
                .build()));
  }

  private static String line(Receipt receipt, Optional<Kill> kill) {
    return "%s at %s: %s"
        .formatted(
            receipt.incident(),
            receipt.at(),
            kill.map(one ->
                    "%s%s%s"
                        .formatted(
                            one.everywhere()
                                .map(it -> "refused everywhere after " + it.toMillis() + " ms")
                                .orElse(
                                    one.isTaken()
                                        ? "NOT refused everywhere: a dead token was taken"
                                        : "not known to be refused everywhere"),
                            one.isFinal() ? "" : ", somebody outside has not answered",
                            one.residual().isEmpty()
                                ? ""
                                : ", outside of our reach: "
                                    + String.join(
                                        ", ", one.residual().keySet().stream().sorted().toList())))
                .orElse("no genuine receipt yet"));
  }
}
