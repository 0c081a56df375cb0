package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.publication.Approvers;
import dev.lanyard.server.publication.Author;
import dev.lanyard.server.publication.Proposal.Said;
import dev.lanyard.server.publication.Right;
import dev.lanyard.server.sessions.OpaqueToken;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The way of a review: opened with evidence that does not change any more, decided item by item by
/// the named reviewer, signed by somebody else. Every step is one transaction with its audit
/// record; what is refused is recorded too. Thread-safe, also on several nodes.
///
/// Who they are is judged as publication does it: by signatures with the keys of the approvers
/// file. Before a review is signed and sealed, what is in the database is judged again, so that a
/// row that somebody wrote there is not signed over.
public final class Reviews {
  private static final int MOST_BYTES = 2 * 1024 * 1024;

  /// What a verifier reads at most.
  private static final int LARGEST_DOCUMENT = 4 * 1024 * 1024;

  private final Database database;
  private final String installation;
  private final Supplier<Approvers> approvers;
  private final InstantSource clock;
  private final Optional<String> seen;

  /// @param installation the issuer of this installation: a statement for another one is worth
  ///   nothing here
  public Reviews(
      Database database, String installation, Supplier<Approvers> approvers, InstantSource clock) {
    this(database, installation, approvers, clock, Optional.empty());
  }

  private Reviews(
      Database database,
      String installation,
      Supplier<Approvers> approvers,
      InstantSource clock,
      Optional<String> seen) {
    this.database = database;
    this.installation = installation;
    this.approvers = approvers;
    this.clock = clock;
    this.seen = seen;
  }

  /// The same for somebody who has seen evidence with this hash: no other is decided or signed.
  public Reviews having(Optional<String> seen) {
    return new Reviews(database, installation, approvers, clock, seen);
  }

  /// All of them, the newest first.
  public List<PolicyReview> all() {
    return database.read(connection -> new ReviewTables(connection).all());
  }

  public Optional<PolicyReview> find(String id) {
    return database.read(connection -> new ReviewTables(connection).find(id));
  }

  /// Opens the review of a provider and quarter, with the evidence from the review before it, or
  /// from the beginning of the quarter, until now.
  ///
  /// @param reviewer who is to decide, by their name in the approvers file
  /// @param openedBy who sits at the command line
  public ReviewStep open(
      String provider, Quarter quarter, String reviewer, String openedBy, List<Evidence> evidence) {
    var now = clock.instant();
    var id = PolicyReview.id(provider, quarter);
    var refused = mayOpen(id, quarter, reviewer, now);
    if (refused.isPresent()) {
      return recorded(id, openedBy, refused.get());
    }
    var period = new Evidence.Period(since(provider, quarter), now);
    var items = evidence.stream().flatMap(one -> one.of(period).stream()).toList();
    var pack = Pack.of(provider, quarter.toString(), period, items);
    long bytes = pack.json().toBytes().length;
    if (bytes > MOST_BYTES) {
      return recorded(id, openedBy, new ReviewStep.TooLarge(bytes));
    }
    var review =
        new PolicyReview(
            id,
            provider,
            quarter,
            reviewer,
            openedBy,
            now,
            pack,
            List.of(),
            Optional.empty(),
            Optional.empty());
    boolean isOpened =
        database.write(connection -> {
          boolean opened = new ReviewTables(connection).open(review);
          if (opened) {
            AuditLog.append(
                connection,
                event(
                    Opening.TYPE,
                    review,
                    now,
                    json().put("by", openedBy).put("reviewer", reviewer)));
          }
          return opened;
        });
    return isOpened
        ? new ReviewStep.Done(review)
        : recorded(id, openedBy, new ReviewStep.Exists(id));
  }

  private Optional<ReviewStep.Refused> mayOpen(
      String id, Quarter quarter, String reviewer, Instant now) {
    if (quarter.begins().isAfter(now)) {
      return Optional.of(new ReviewStep.TooEarly(quarter.toString()));
    }
    if (find(id).isPresent()) {
      return Optional.of(new ReviewStep.Exists(id));
    }
    return mayReview(reviewer, now)
        ? Optional.empty()
        : Optional.of(
            new ReviewStep.NotAllowed(
                "'%s' is not in the approvers file with the right 'review'".formatted(reviewer)));
  }

  private boolean mayReview(String name, Instant at) {
    return approvers.get().named(name).filter(one -> one.may(Right.REVIEW, at)).isPresent();
  }

  private Instant since(String provider, Quarter quarter) {
    return all().stream()
        .filter(one -> one.provider().equals(provider) && one.quarter().isBefore(quarter))
        .map(PolicyReview::openedAt)
        .max(Instant::compareTo)
        .orElse(quarter.begins());
  }

  /// Decides about an item. A later decision about the same item takes the place of an earlier one,
  /// until the review is signed.
  public ReviewStep decide(String id, String item, Ruling ruling, Author author) {
    var review = find(id);
    if (review.isEmpty()) {
      return recorded(id, author.name(), new ReviewStep.Unknown(id));
    }
    if (!author.name().equals(review.get().reviewer())) {
      return recorded(
          id,
          author.name(),
          new ReviewStep.NotAllowed(
              "'%s' is the reviewer of this review, not '%s'"
                  .formatted(review.get().reviewer(), author.name())));
    }
    var altered = altered(review.get());
    if (altered.isPresent()) {
      return recorded(id, author.name(), altered.get());
    }
    if (items(review.get()).stream().noneMatch(one -> one.id().equals(item))) {
      return recorded(id, author.name(), new ReviewStep.NoSuchItem(item));
    }
    var now = clock.instant();
    var statement = statement(review.get(), item, Optional.of(ruling), author, now);
    var compact = statement.signed(author.key());
    var refused = statement.refuses(compact, approvers.get());
    if (refused.isPresent()) {
      return recorded(id, author.name(), new ReviewStep.NotAllowed(refused.get()));
    }
    var decided =
        new Decided(item, ruling, new Said(author.name(), author.rationale(), compact, now));
    return decide(review.get(), decided);
  }

  private ReviewStep decide(PolicyReview review, Decided decided) {
    boolean isDecided =
        database.write(connection -> {
          var tables = new ReviewTables(connection);
          var number = tables.step(review.id());
          if (number.isPresent()) {
            tables.decide(review.id(), number.get(), decided);
            AuditLog.append(
                connection,
                event(
                    "review.decided",
                    review,
                    decided.said().at(),
                    said(decided.said())
                        .put("item", decided.item())
                        .put("ruling", decided.ruling().value())));
          }
          return number.isPresent();
        });
    return isDecided
        ? new ReviewStep.Done(find(review.id()).orElseThrow())
        : recorded(review.id(), decided.said().by(), new ReviewStep.Closed(review.id()));
  }

  /// Signs a review whose every item is decided, as somebody else than its reviewer, and seals it.
  ///
  /// @param seal the key of this installation
  public ReviewStep sign(String id, Author author, SigningKey seal) {
    var found = find(id);
    if (found.isEmpty()) {
      return recorded(id, author.name(), new ReviewStep.Unknown(id));
    }
    var review = found.get();
    var now = clock.instant();
    var refused = maySign(review, author);
    if (refused.isPresent()) {
      return recorded(id, author.name(), refused.get());
    }
    var decisions = Decided.hash(review.decisions());
    var statement = statement(review, decisions, Optional.empty(), author, now);
    var compact = statement.signed(author.key());
    var allowed = approvers.get();
    var why = statement.refuses(compact, allowed);
    if (why.isPresent()) {
      return recorded(id, author.name(), new ReviewStep.NotAllowed(why.get()));
    }
    var said = new Said(author.name(), author.rationale(), compact, now);
    var people =
        List.of(
            allowed.named(review.reviewer()).orElseThrow(),
            allowed.named(author.name()).orElseThrow());
    var account = ReviewAccount.of(installation, review, said, people);
    var document = ReviewAccount.sealed(account, seal, now);
    long bytes = document.getBytes(StandardCharsets.UTF_8).length;
    return bytes > LARGEST_DOCUMENT
        ? recorded(id, author.name(), new ReviewStep.TooLarge(bytes))
        : sign(review, decisions, said, document);
  }

  private Optional<ReviewStep.Refused> maySign(PolicyReview review, Author author) {
    if (review.signed().isPresent()) {
      return Optional.of(new ReviewStep.Closed(review.id()));
    }
    if (author.name().equals(review.reviewer())) {
      return Optional.of(
          new ReviewStep.NotAllowed("nobody signs what they have decided themselves"));
    }
    var altered = altered(review);
    if (altered.isPresent()) {
      return altered;
    }
    var open =
        items(review).stream().map(Item::id).filter(one -> review.about(one).isEmpty()).toList();
    return open.isEmpty()
        ? distrusted(review).map(ReviewStep.NotAllowed::new)
        : Optional.of(new ReviewStep.Undecided(open));
  }

  /// Whether the evidence is another than that of the opening, or than what somebody has seen.
  private Optional<ReviewStep.Refused> altered(PolicyReview review) {
    return Opening.of(review.id(), new AuditLog(database))
        .refuses(review)
        .or(() ->
            seen.filter(hash -> !hash.equals(review.pack().hash()))
                .map(hash ->
                    "the evidence has the hash %s and not %s"
                        .formatted(review.pack().hash(), hash)))
        .map(ReviewStep.NotAllowed::new);
  }

  /// Why a decision in the database is not what the reviewer signed.
  private Optional<String> distrusted(PolicyReview review) {
    var allowed = approvers.get();
    for (var one : review.decisions()) {
      var statement =
          new ReviewStatement(
              installation,
              review.id(),
              review.pack().hash(),
              one.item(),
              Optional.of(one.ruling()),
              review.reviewer(),
              one.said().rationale(),
              one.said().at());
      var why = statement.refuses(one.said().statement(), allowed);
      if (why.isPresent()) {
        return Optional.of("the decision about '" + one.item() + "': " + why.get());
      }
    }
    return Optional.empty();
  }

  private ReviewStep sign(PolicyReview review, String decisions, Said said, String account) {
    ReviewStep step =
        database.write(connection -> {
          var tables = new ReviewTables(connection);
          if (tables.step(review.id()).isEmpty()) {
            return new ReviewStep.Closed(review.id());
          }
          var now = tables.find(review.id()).orElseThrow();
          if (!Decided.hash(now.decisions()).equals(decisions)) {
            return new ReviewStep.Moved();
          }
          tables.sign(review.id(), said, account);
          OverduePolicyReviews.end(connection, review.id(), said.at());
          AuditLog.append(
              connection,
              event("review.signed", review, said.at(), said(said).put("decisions", decisions)));
          return new ReviewStep.Done(tables.find(review.id()).orElseThrow());
        });
    return step instanceof ReviewStep.Refused refused
        ? recorded(review.id(), said.by(), refused)
        : step;
  }

  private ReviewStatement statement(
      PolicyReview review, String about, Optional<Ruling> ruling, Author author, Instant now) {
    return new ReviewStatement(
        installation,
        review.id(),
        review.pack().hash(),
        about,
        ruling,
        author.name(),
        author.rationale(),
        now);
  }

  /// What a review is about.
  public static List<Item> items(PolicyReview review) {
    try {
      return review.pack().items();
    } catch (MalformedException e) {
      throw new IllegalStateException("the evidence of a review cannot be read", e);
    }
  }

  private ReviewStep recorded(String id, String by, ReviewStep.Refused refused) {
    var evidence =
        json()
            .put("review", id)
            .put("by", by)
            .put("check", refused.getClass().getSimpleName())
            .put("detail", refused.why())
            .build();
    new AuditLog(database)
        .append(
            AuditEvent.of(
                "review.refused-step",
                Outcome.REFUSED,
                clock.instant(),
                correlation(id),
                evidence));
    return refused;
  }

  /// The record names a signature by its hash; the signature itself is beside the step.
  private static JsonObject.Builder said(Said said) {
    return json()
        .put("by", said.by())
        .put("rationale", said.rationale())
        .put("statement_hash", OpaqueToken.hash(new Secret(said.statement())));
  }

  private static JsonObject.Builder json() {
    return JsonObject.builder();
  }

  private static AuditEvent event(
      String type, PolicyReview review, Instant at, JsonObject.Builder evidence) {
    var all =
        evidence
            .put("review", review.id())
            .put("provider", review.provider())
            .put("quarter", review.quarter().toString())
            .put("pack", review.pack().hash())
            .build();
    return AuditEvent.of(type, Outcome.SUCCESS, at, correlation(review.id()), all);
  }

  /// By this everything about a review is found in the record.
  static String correlation(String id) {
    return "review-" + id;
  }
}
