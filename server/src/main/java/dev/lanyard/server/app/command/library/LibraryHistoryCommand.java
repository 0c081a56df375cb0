package dev.lanyard.server.app.command.library;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.HowMany;
import dev.lanyard.server.app.command.LibraryDesk;
import dev.lanyard.server.publication.Answer;
import dev.lanyard.server.publication.History;
import dev.lanyard.server.publication.Proposal;
import dev.lanyard.server.publication.Publication;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard library history`.
@Command(
    name = "history",
    description = "Lists what was published, by whom and why, and what waits for an answer.",
    mixinStandardHelpOptions = true)
final class LibraryHistoryCommand implements Runnable {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Option(
      names = "--last",
      converter = HowMany.class,
      defaultValue = "20",
      paramLabel = "N",
      description = "How many at most (default: ${DEFAULT-VALUE}).")
  private int last = 20;

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    try (var desk = LibraryDesk.open(configuration)) {
      var history = desk.history();
      var publications = history.newest(last);
      var open = history.openProposals();
      var out = spec.commandLine().getOut();
      if (json) {
        out.println(
            JsonObject.builder()
                .put("publications", publications.stream().map(one -> json(one, history)).toList())
                .put("open_proposals", open.stream().map(LibraryHistoryCommand::json).toList())
                .build()
                .toPrettyJson());
      } else {
        publications.forEach(one -> print(out, one, history));
        if (publications.isEmpty()) {
          out.println("Nothing has been published yet.");
        }
        open.forEach(proposal -> print(out, proposal));
      }
      out.flush();
    }
  }

  private static Optional<Answer> approval(Publication publication, History history) {
    return publication.proposal().flatMap(history::proposal).flatMap(Proposal::answer);
  }

  private static void print(PrintWriter out, Publication publication, History history) {
    out.printf(
        "%-4d %s  %s  %-9s %s%n",
        publication.number(),
        publication.version().substring(0, 12),
        publication.said().at(),
        publication.kind().name().toLowerCase(Locale.ROOT),
        publication.said().by());
    out.println("     " + publication.said().rationale());
    approval(publication, history)
        .ifPresent(answer ->
            out.printf("     approved by %s: %s%n", answer.said().by(), answer.said().rationale()));
    publication
        .emergency()
        .ifPresent(emergency ->
            out.println(
                emergency
                    .review()
                    .map(said -> "     reviewed by " + said.by() + ": " + said.rationale())
                    .orElse("     REVIEW DUE " + emergency.reviewDue())));
  }

  private static void print(PrintWriter out, Proposal proposal) {
    out.printf(
        "%n%s: %s proposes %s: %s%n",
        proposal.id(),
        proposal.proposed().by(),
        proposal.version().substring(0, 12),
        proposal.proposed().rationale());
    out.println(
        proposal
            .answer()
            .map(answer -> "     approved by " + answer.said().by() + ", not yet published")
            .orElse("     waits for an answer"));
  }

  private static JsonObject json(Publication publication, History history) {
    var json =
        JsonObject.builder()
            .put("number", publication.number())
            .put("kind", publication.kind().name().toLowerCase(Locale.ROOT))
            .put("version", publication.version())
            .put("base", publication.base())
            .put("at", publication.said().at().toString())
            .put("by", publication.said().by())
            .put("rationale", publication.said().rationale())
            .putIfPresent("proposal", publication.proposal());
    approval(publication, history)
        .ifPresent(answer ->
            json.put("approved_by", answer.said().by())
                .put("approval_rationale", answer.said().rationale()));
    publication
        .emergency()
        .ifPresent(emergency -> {
          json.put("review_due", emergency.reviewDue().toString());
          emergency.review().ifPresent(said -> json.put("reviewed_by", said.by()));
        });
    return json.build();
  }

  private static JsonObject json(Proposal proposal) {
    return JsonObject.builder()
        .put("id", proposal.id())
        .put("number", proposal.number())
        .put("version", proposal.version())
        .put("base", proposal.base())
        .put("by", proposal.proposed().by())
        .put("rationale", proposal.proposed().rationale())
        .put("approved", proposal.answer().isPresent())
        .put("effect", proposal.effect())
        .build();
  }
}
