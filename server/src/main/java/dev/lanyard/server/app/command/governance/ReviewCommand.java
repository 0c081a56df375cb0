package dev.lanyard.server.app.command.governance;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.command.Output;
import dev.lanyard.server.app.command.SignerOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.node.Planning;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.governance.review.PolicyReview;
import dev.lanyard.server.governance.review.ReviewStep;
import dev.lanyard.server.governance.review.Reviews;
import dev.lanyard.server.governance.review.Ruling;
import dev.lanyard.server.keys.Purpose;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lanyard review`: policy reviews, one for each identity provider and quarter.
@Command(
    name = "review",
    description =
        "Policy reviews, one for each identity provider and quarter: frozen evidence, decided by a"
            + " named reviewer, signed by a second person.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class ReviewCommand {
  private static final Clock CLOCK = Clock.systemUTC();

  private static final String SEEN = "--seen";
  private static final String SEEN_IS =
      "The hash of the evidence that you have read, as `show` has it: no other is accepted.";

  @Mixin private Output output = new Output();

  @Command(
      name = "open",
      description = "Opens a review, with the evidence as it is now.",
      mixinStandardHelpOptions = true)
  int open(
      @Mixin ConfigurationOption configuration,
      @Parameters(
              paramLabel = "PROVIDER",
              description = "The identity provider; a wrong one shows which there are.")
          String provider,
      @Option(
              names = "--quarter",
              paramLabel = "QUARTER",
              description = "Such as 2026-Q4 (default: this one).")
          Optional<String> quarter,
      @Option(
              names = "--reviewer",
              required = true,
              paramLabel = "NAME",
              description = "Who decides, by their name in the approvers file.")
          String reviewer) {
    return with(
        configuration,
        planning -> {
          if (!planning.providers().contains(provider)) {
            throw new CommandFailure(
                "there is no identity provider '%s'; there is: %s"
                    .formatted(provider, String.join(", ", planning.providers())));
          }
          var of = quarter.map(ReviewCommand::quarter).orElse(Quarter.of(CLOCK.instant()));
          var review =
              done(
                  planning
                      .reviews()
                      .open(
                          provider,
                          of,
                          reviewer,
                          Office.operator().name(),
                          planning.evidence(provider)));
          output.say(
              "%s is open, with %d items; %s decides: lanyard review decide %s ITEM accept|act"
                  .formatted(
                      review.id(), Reviews.items(review).size(), review.reviewer(), review.id()));
        });
  }

  private static Quarter quarter(String text) {
    try {
      return Quarter.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure("--quarter: " + e.getMessage(), e);
    }
  }

  @Command(
      name = "list",
      description = "All reviews, newest first.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin ConfigurationOption configuration,
      @Option(names = "--json", description = "One JSON object a line.") boolean json) {
    return with(
        configuration,
        planning -> {
          var all = planning.readable().all();
          for (var one : all) {
            output.say(
                json
                    ? one.summary().toJson()
                    : "%-24s %s  reviewer %s, %d of %d decided, %s"
                        .formatted(
                            one.id(),
                            one.openedAt(),
                            one.reviewer(),
                            one.decisions().size(),
                            Reviews.items(one).size(),
                            one.signed().map(said -> "signed by " + said.by()).orElse("open")));
          }
          if (all.isEmpty() && !json) {
            output.say("No review was opened yet. Of: " + String.join(", ", planning.providers()));
          }
        });
  }

  @Command(
      name = "show",
      description = "The evidence of a review and what was decided.",
      mixinStandardHelpOptions = true)
  int show(
      @Mixin ConfigurationOption configuration,
      @Parameters(paramLabel = "REVIEW", description = "As `list` shows it.") String id,
      @Option(names = "--json", description = "As JSON.") boolean json) {
    return with(
        configuration,
        planning -> {
          var review = find(planning, id);
          if (json) {
            output.say(review.toJson().toPrettyJson());
          } else {
            print(review);
          }
        });
  }

  private void print(PolicyReview review) {
    output.say(
        "%s, opened by %s at %s, evidence %s"
            .formatted(review.id(), review.openedBy(), review.openedAt(), review.pack().hash()));
    for (var item : Reviews.items(review)) {
      output.say("%n%s  (%s)".formatted(item.title(), item.id()));
      item.lines().forEach(line -> output.say("    " + line));
      output.say(
          "  -> "
              + review
                  .about(item.id())
                  .map(one ->
                      "%s: %s, %s"
                          .formatted(one.said().by(), one.ruling().value(), one.said().rationale()))
                  .orElse("not decided"));
    }
    review
        .signed()
        .ifPresent(said ->
            output.say(
                "%nSigned by %s at %s: %s".formatted(said.by(), said.at(), said.rationale())));
  }

  @Command(
      name = "decide",
      description = "Decides about an item, signed by you, the reviewer.",
      mixinStandardHelpOptions = true)
  int decide(
      @Mixin ConfigurationOption configuration,
      @Mixin SignerOption signer,
      @Parameters(paramLabel = "REVIEW", description = "As `list` shows it.") String id,
      @Parameters(
              paramLabel = "ITEM",
              description = "As `show` has it in brackets; 'rest' is everything not decided yet.")
          String item,
      @Parameters(
              paramLabel = "RULING",
              description = "accept: as it shall be; act: the rationale says what has to be done.")
          String ruling,
      @Option(names = SEEN, paramLabel = "HASH", description = SEEN_IS) Optional<String> seen) {
    var author = signer.author();
    var decision = ruling(ruling);
    return with(
        configuration,
        planning -> {
          var reviews = planning.reviews().having(seen);
          var review = find(planning, id);
          var items =
              item.equals("rest")
                  ? Reviews.items(review).stream()
                      .map(one -> one.id())
                      .filter(one -> review.about(one).isEmpty())
                      .toList()
                  : List.of(item);
          for (var one : items) {
            var now = done(reviews.decide(id, one, decision, author));
            output.say(
                "%s: %s. %d of %d items are decided."
                    .formatted(
                        one, decision.value(), now.decisions().size(), Reviews.items(now).size()));
          }
        });
  }

  private static Ruling ruling(String text) {
    try {
      return Ruling.named(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(e.getMessage() + "; nothing was done", e);
    }
  }

  @Command(
      name = "sign",
      description = "Signs a review that somebody else has decided.",
      mixinStandardHelpOptions = true)
  int sign(
      @Mixin ConfigurationOption configuration,
      @Mixin SignerOption signer,
      @Parameters(paramLabel = "REVIEW", description = "As `list` shows it.") String id,
      @Option(names = SEEN, paramLabel = "HASH", description = SEEN_IS) Optional<String> seen) {
    var author = signer.author();
    return with(
        configuration,
        planning -> {
          var seal = planning.seals().active(Purpose.REVIEW);
          var review = done(planning.reviews().having(seen).sign(id, author, seal));
          output.say("%s is signed: lanyard review export %s".formatted(review.id(), review.id()));
        });
  }

  @Command(
      name = "export",
      description = {
        "Writes a signed review as JSON, to be verified by others without this server.",
        "With --pdf also as a document for people, sealed as a whole."
      },
      mixinStandardHelpOptions = true)
  int export(
      @Mixin ConfigurationOption configuration,
      @Parameters(paramLabel = "REVIEW", description = "As `list` shows it.") String id,
      @Option(names = "--pdf", paramLabel = "FILE", description = "Writes the PDF instead.")
          Optional<Path> pdf,
      @Option(
              names = "--font",
              paramLabel = "FILE",
              description =
                  "A TrueType font for what the built-in one lacks, which is Chinese, Japanese and"
                      + " Korean; may be given several times.")
          List<Path> fonts) {
    return with(
        configuration,
        planning -> {
          var account =
              find(planning, id)
                  .account()
                  .orElseThrow(
                      () -> new CommandFailure("'" + id + "' is not signed; nothing was written"));
          if (pdf.isPresent()) {
            var key = planning.seals().active(Purpose.REVIEW);
            ReviewFiles.write(
                pdf.get(), account, Optional.ofNullable(fonts).orElse(List.of()), key);
            output.say(pdf.get() + " is written.");
          } else {
            output.say(account);
          }
        });
  }

  @Command(
      name = "keys",
      description = "Writes the public keys that verify reviews, as a JWK Set.",
      mixinStandardHelpOptions = true)
  int keys(@Mixin ConfigurationOption configuration) {
    return with(
        configuration,
        planning -> output.say(planning.seals().published().toJson().toPrettyJson()));
  }

  @Command(
      name = "verify",
      description =
          "Verifies an exported review, JSON or PDF. Needs nothing but the files; exit code 1 if it"
              + " is not genuine.",
      mixinStandardHelpOptions = true)
  int verify(
      @Parameters(paramLabel = "FILE", description = "As `export` wrote it.") Path file,
      @Option(
              names = "--key",
              required = true,
              paramLabel = "JWKS",
              description = "As `keys` wrote it.")
          Path jwks,
      @Option(
              names = "--approvers",
              paramLabel = "FILE",
              description =
                  "An approvers file: takes the keys of the people from there instead of from the"
                      + " review itself.")
          Optional<Path> approvers,
      @Option(names = "--json", description = "Prints the whole account.") boolean json) {
    output.say(ReviewFiles.verified(file, jwks, approvers, json));
    return 0;
  }

  private static PolicyReview find(Planning planning, String id) {
    return planning
        .readable()
        .find(id)
        .orElseThrow(() -> new CommandFailure(new ReviewStep.Unknown(id).why()));
  }

  private static PolicyReview done(ReviewStep step) {
    return switch (step) {
      case ReviewStep.Done(var review) -> review;
      case ReviewStep.Refused refused -> throw new CommandFailure(refused.why());
    };
  }

  private static int with(ConfigurationOption configuration, Consumer<Planning> work) {
    var config = configuration.read();
    try (var database = Database.open(config.database(), CLOCK)) {
      work.accept(PlanningDesk.of(config, database, CLOCK));
    }
    return 0;
  }
}
