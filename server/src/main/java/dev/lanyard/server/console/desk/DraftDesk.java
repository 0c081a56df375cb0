package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.library.LibraryFinding.Severity;
import dev.lanyard.server.publication.Draft;
import dev.lanyard.server.publication.Drafts;
import dev.lanyard.server.publication.Drafts.HandedIn;
import dev.lanyard.server.publication.Publication;
import dev.lanyard.server.publication.Statement;
import dev.lanyard.server.publication.Submission;
import dev.lanyard.server.publication.plan.Plan;
import dev.lanyard.server.requests.ExceptionRequests;
import dev.lanyard.server.sessions.OpaqueToken;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Lets an administrator write the role library: save a file of their draft, see what the draft
/// would change, and hand it in. A draft decides nothing. What is handed in is not yet a proposal:
/// proposals are signed, and no key comes here. Thread-safe.
public final class DraftDesk {
  /// How far back recorded exchanges can be replayed here, in days.
  public static final int MOST_DAYS = 90;

  /// How far back they are replayed if nobody says, in days.
  public static final int DAYS = 30;

  private final Parts parts;
  private final Drafting with;
  private final Planning planning;

  DraftDesk(Parts parts, Drafting with) {
    this.parts = parts;
    this.with = with;
    this.planning = new Planning(parts, with);
  }

  /// A file as its author has it.
  ///
  /// @param base the version in force from which the text was made
  /// @param text empty to remove the file
  /// @param revision the revision of the draft from which it was made
  public record Typed(String name, String text, String base, long revision) {
    /// Line ends are of one kind, whatever browsers and programs send.
    public Typed {
      text = text.replace("\r\n", "\n").replace('\r', '\n');
    }
  }

  /// What became of an attempt to save a file.
  public sealed interface Saved {
    record Done() implements Saved {}

    /// Such a file cannot be.
    record Faulty(Workbench now, String why) implements Saved {}

    /// The draft was changed elsewhere, or handed in.
    record Overtaken() implements Saved {}

    /// What is in force is not kept yet, or the base is not known.
    record NotYet() implements Saved {}
  }

  /// What became of an attempt to go back to a version.
  public sealed interface Restored {
    record Done() implements Restored {}

    /// The draft stays as it is.
    ///
    /// @param why a sentence
    record Kept(String why) implements Restored {}

    record NotYet() implements Restored {}
  }

  /// What somebody has looked at and hands in.
  ///
  /// @param seen names it: see [Effect.Known]
  /// @param days how far back recorded exchanges are replayed
  public record Handing(long revision, String seen, String reason, int days) {}

  /// What a draft would change.
  public sealed interface Effect {
    /// @param seen names what was looked at: exactly this is handed in
    record Known(Workbench bench, Plan plan, String seen) implements Effect {}

    /// Something must be dealt with first.
    record Hindered(String why) implements Effect {}

    /// It would take too long, or somebody else's is being computed.
    record Busy() implements Effect {}

    record NotYet() implements Effect {}
  }

  /// What became of an attempt to hand a draft in.
  public sealed interface Handed {
    record In(Submission submission) implements Handed {}

    /// The reason is missing or too long.
    record Incomplete(String why) implements Handed {}

    /// The draft is no longer what was looked at.
    record Overtaken() implements Handed {}

    /// Something must be dealt with first.
    record Hindered(String why) implements Handed {}

    record Busy() implements Handed {}

    record NotYet() implements Handed {}
  }

  /// The draft of somebody over the files in force; empty for the moment in which a new version is
  /// in force but not yet kept.
  public Optional<Workbench> bench(Actor by) {
    return Workbench.of(by.id(), parts, with);
  }

  /// Saves a file if the draft is still the one from which it was made. Of two at once, the second
  /// is told.
  public Saved save(Actor by, Typed typed) {
    var found = bench(by);
    if (found.isEmpty() || with.history().files(typed.base()).isEmpty()) {
      return new Saved.NotYet();
    }
    var bench = found.get();
    if (bench.draft().revision() != typed.revision()) {
      return new Saved.Overtaken();
    }
    var edit = new Draft.Edit(typed.base(), typed.text());
    var next = bench.draft().with(typed.name(), edit, bench.inForce());
    var wrong = next.fault();
    if (wrong.isPresent()) {
      return new Saved.Faulty(bench, wrong.get());
    }
    return with.drafts().save(by.id(), next, by.at()) ? new Saved.Done() : new Saved.Overtaken();
  }

  /// Puts a version that was in force into the draft, byte for byte, if there is nothing in it that
  /// would be lost.
  ///
  /// @param revision the revision of the draft that was looked at
  public Restored restore(Actor by, Publication publication, long revision) {
    var bench = bench(by);
    if (bench.isEmpty()) {
      return new Restored.NotYet();
    }
    var draft = bench.get().draft();
    if (!draft.isNothing() || draft.revision() != revision) {
      return new Restored.Kept("Your draft has changes of yours, which would be lost.");
    }
    var back = draft.back(with.history().filesOrNone(publication.version()), bench.get().inForce());
    var wrong = back.fault();
    if (wrong.isPresent()) {
      return new Restored.Kept("It cannot be a draft: " + wrong.get() + ".");
    }
    return with.drafts().save(by.id(), back, by.at())
        ? new Restored.Done()
        : new Restored.Kept("Your draft was changed just now, in another window.");
  }

  /// Computes what the draft would change, for everybody and for what was really asked for.
  public Effect effect(Actor by, int days) {
    var found = bench(by);
    if (found.isEmpty()) {
      return new Effect.NotYet();
    }
    var bench = found.get();
    return hindrance(bench, by)
        .<Effect>map(Effect.Hindered::new)
        .orElseGet(() ->
            planning
                .of(bench, days)
                .<Effect>map(plan -> new Effect.Known(bench, plan, name(bench)))
                .orElseGet(Effect.Busy::new));
  }

  /// Hands in what was looked at, with the answers to what was asked for.
  public Handed handIn(Actor by, Handing what) {
    if (what.reason().isBlank() || what.reason().length() > Statement.LONGEST_RATIONALE) {
      return new Handed.Incomplete(
          "Say why, in at most " + Statement.LONGEST_RATIONALE + " letters.");
    }
    var now = bench(by);
    if (now.filter(
            bench -> bench.draft().revision() == what.revision() && name(bench).equals(what.seen()))
        .isEmpty()) {
      return now.isEmpty() ? new Handed.NotYet() : new Handed.Overtaken();
    }
    var bench = now.get();
    return hindrance(bench, by)
        .<Handed>map(Handed.Hindered::new)
        .orElseGet(() ->
            planning
                .of(bench, what.days())
                .map(plan -> handedIn(by, bench, plan, what.reason()))
                .orElseGet(Handed.Busy::new));
  }

  /// What must be dealt with before there is an effect; empty if nothing.
  private static Optional<String> hindrance(Workbench bench, Actor by) {
    if (bench.draft().isNothing()) {
      return Optional.of("You have changed nothing, so nothing is handed in.");
    }
    var overtaken = bench.overtaken();
    if (!overtaken.isEmpty()) {
      return Optional.of(
          "Somebody else has changed the same files meanwhile, and it is in force: "
              + String.join(", ", overtaken)
              + ". Open them, look at both differences, and save what it is to be.");
    }
    return bench.findings(by.at()).stream()
        .filter(one -> one.severity() == Severity.ERROR && one.code().equals("not-readable"))
        .findFirst()
        .map(one -> "Your draft cannot be read as a library: " + one.reason() + ".");
  }

  private static String name(Workbench bench) {
    return bench.inForce().version() + " " + bench.files().version();
  }

  private Handed handedIn(Actor by, Workbench bench, Plan plan, String reason) {
    var version = bench.files().version();
    var submission =
        new Submission(
            id(by.id() + " " + bench.draft().revision() + " " + version + " " + by.at()),
            by.id(),
            bench.inForce().version(),
            version,
            reason,
            plan.summary(),
            by.at(),
            Optional.empty(),
            Optional.empty());
    try {
      return kept(by, bench, submission) instanceof HandedIn.Done
          ? new Handed.In(submission)
          : new Handed.Overtaken();
    } catch (ExceptionRequests.OverException e) {
      return new Handed.Hindered(
          "Nothing was handed in: "
              + e.getMessage()
              + " was declined or taken back, or has ended with its person. Take its file out of"
              + " your draft.");
    }
  }

  /// The draft, its version, its record, and the answers to what was asked for: all or nothing.
  private HandedIn kept(Actor by, Workbench bench, Submission submission) {
    return parts
        .platform()
        .database()
        .write(connection -> {
          var outcome = Drafts.handIn(connection, bench.draft(), bench.files(), submission);
          if (outcome instanceof HandedIn.Done) {
            ExceptionRequests.submitted(connection, names(bench), submission.id(), by.act());
          }
          return outcome;
        });
  }

  /// Takes back what its author has handed in, before anybody has proposed it. The requests that it
  /// answered are open again.
  ///
  /// @return whether it was theirs and still waited
  public boolean withdraw(Actor by, Submission submission) {
    return parts
        .platform()
        .database()
        .write(connection -> {
          boolean mine = Drafts.withdraw(connection, submission, by.id(), by.at());
          if (mine) {
            ExceptionRequests.reopened(connection, submission.id(), by.act());
          }
          return mine;
        });
  }

  /// The exceptions that were asked for have files of their own.
  private static List<String> names(Workbench bench) {
    return bench.draft().edits().keySet().stream()
        .map(file -> file.substring(0, file.lastIndexOf('.')))
        .toList();
  }

  /// Short enough to be typed.
  private static String id(String of) {
    var hash = OpaqueToken.hash(new Secret(of)).replaceAll("[^A-Za-z0-9]", "");
    return "draft-" + hash.substring(0, 8).toLowerCase(Locale.ROOT);
  }
}
