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
import dev.lanyard.server.publication.Approver;
import dev.lanyard.server.publication.Approvers;
import dev.lanyard.server.publication.Author;
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
  private final Scrutiny scrutiny;

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
    this.scrutiny = new Scrutiny(database, installation, approvers, seen);
  }

  /// The same for somebody who has seen evidence with this hash: no other is decided or signed.
  public Reviews having(Optional<String> seen) {
    return new Reviews(database, installation, approvers, clock, seen);
  }

  /// The issuer of this installation, which every statement names.
  public String installation() {
    return installation;
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
  /// @param openedBy who opens it
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
      return recorded(
          id, openedBy, new ReviewStep.TooMuchEvidence(bytes, MOST_BYTES, Pack.largest(items)));
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
    return reviewers().stream().anyMatch(one -> one.name().equals(reviewer))
        ? Optional.empty()
        : Optional.of(
            new ReviewStep.NotAllowed(
                "'%s' is not in the approvers file with the right 'review'".formatted(reviewer)));
  }

  private Instant since(String provider, Quarter quarter) {
    return all().stream()
        .filter(one -> one.provider().equals(provider) && one.quarter().isBefore(quarter))
        .map(PolicyReview::openedAt)
        .max(Instant::compareTo)
        .orElse(quarter.begins());
  }

  /// Decides about an item by a key that is here. A later decision about the same item takes the
  /// place of an earlier one, until the review is signed.
  public ReviewStep decide(String id, String item, Ruling ruling, Author author) {
    return find(id)
        .map(review ->
            decide(
                review,
                SignedStatement.by(
                    statement(review, item, Optional.of(ruling), author), author.key()),
                Optional.empty()))
        .orElseGet(() -> recorded(id, author.name(), new ReviewStep.Unknown(id)));
  }

  /// Decides about an item by a statement that was signed where the key is. It takes the place of
  /// the decision that its author has seen, and of no other: neither of a later one, nor of one
  /// that is younger than itself. What was recorded once is not brought again.
  ///
  /// @param stood names the decision that was seen; empty if there was none
  public ReviewStep decide(String id, Brought brought, Optional<String> stood) {
    return brought(id, brought, (review, signed) -> decide(review, signed, stood));
  }

  private ReviewStep decide(PolicyReview review, SignedStatement signed, Optional<String> stood) {
    var refused = scrutiny.ofDecision(review, signed, clock.instant());
    if (refused.isPresent()) {
      return recorded(review.id(), signed, refused.get());
    }
    var says = signed.says();
    var decided = new Decided(says.about(), says.ruling().orElseThrow(), signed.said());
    ReviewStep step =
        database.write(connection -> {
          var tables = new ReviewTables(connection);
          var number = tables.step(review.id());
          if (number.isEmpty()) {
            return new ReviewStep.Closed(review.id());
          }
          if (tables.has(review.id(), signed.compact())
              || signed.isOvertaken(tables.standing(review.id(), decided.item()), stood)) {
            return new ReviewStep.Moved();
          }
          tables.decide(review.id(), number.get(), decided);
          AuditLog.append(
              connection,
              event(
                  "review.decided",
                  review,
                  decided.said().at(),
                  said(signed)
                      .put("item", decided.item())
                      .put("ruling", decided.ruling().value())));
          return new ReviewStep.Done(tables.find(review.id()).orElseThrow());
        });
    return step instanceof ReviewStep.Refused late ? recorded(review.id(), signed, late) : step;
  }

  /// Signs a review whose every item is decided, as somebody else than its reviewer, by a key that
  /// is here, and seals it.
  ///
  /// @param seal the key of this installation
  public ReviewStep sign(String id, Author author, SigningKey seal) {
    return find(id)
        .map(review ->
            sign(
                review,
                SignedStatement.by(
                    statement(review, review.decisionsHash(), Optional.empty(), author),
                    author.key()),
                seal))
        .orElseGet(() -> recorded(id, author.name(), new ReviewStep.Unknown(id)));
  }

  /// The same with a statement that was signed where the key is.
  public ReviewStep sign(String id, Brought brought, SigningKey seal) {
    return brought(id, brought, (review, signed) -> sign(review, signed, seal));
  }

  private ReviewStep sign(PolicyReview review, SignedStatement signed, SigningKey seal) {
    var now = clock.instant();
    var refused = scrutiny.ofSignature(review, signed, now);
    if (refused.isPresent()) {
      return recorded(review.id(), signed, refused.get());
    }
    var said = signed.said();
    var allowed = approvers.get();
    var people =
        List.of(
            allowed.named(review.reviewer()).orElseThrow(), allowed.named(said.by()).orElseThrow());
    var account = ReviewAccount.of(installation, review, said, people);
    var document = ReviewAccount.sealed(account, seal, now);
    long bytes = document.getBytes(StandardCharsets.UTF_8).length;
    return bytes > LARGEST_DOCUMENT
        ? recorded(review.id(), signed, new ReviewStep.TooLarge(bytes))
        : sign(review, signed, document);
  }

  private ReviewStep sign(PolicyReview review, SignedStatement signed, String account) {
    var decisions = review.decisionsHash();
    var said = signed.said();
    ReviewStep step =
        database.write(connection -> {
          var tables = new ReviewTables(connection);
          if (tables.step(review.id()).isEmpty()) {
            return new ReviewStep.Closed(review.id());
          }
          var now = tables.find(review.id()).orElseThrow();
          if (!now.decisionsHash().equals(decisions)) {
            return new ReviewStep.Moved();
          }
          tables.sign(review.id(), said, account);
          OverduePolicyReviews.end(connection, review.id(), said.at());
          AuditLog.append(
              connection,
              event("review.signed", review, said.at(), said(signed).put("decisions", decisions)));
          return new ReviewStep.Done(tables.find(review.id()).orElseThrow());
        });
    return step instanceof ReviewStep.Refused late ? recorded(review.id(), signed, late) : step;
  }

  /// What is done with a statement that was signed elsewhere.
  private interface Step {
    ReviewStep of(PolicyReview review, SignedStatement signed);
  }

  private ReviewStep brought(String id, Brought brought, Step step) {
    var review = find(id);
    if (review.isEmpty()) {
      return recorded(id, brought.name(), new ReviewStep.Unknown(id));
    }
    try {
      return step.of(review.get(), SignedStatement.of(brought));
    } catch (MalformedException e) {
      return recorded(
          id,
          brought.name(),
          new ReviewStep.NotAllowed("not a signed statement: " + e.getMessage()));
    }
  }

  /// Why a decision is not what the reviewer signed, by the approvers file of now; empty if it is.
  public Optional<String> doubt(PolicyReview review, Decided decided) {
    return scrutiny.doubt(review, decided, approvers.get());
  }

  /// Who may review at this time.
  public List<Approver> reviewers() {
    var now = clock.instant();
    return approvers.get().all().stream().filter(one -> one.may(Right.REVIEW, now)).toList();
  }

  private ReviewStatement statement(
      PolicyReview review, String about, Optional<Ruling> ruling, Author author) {
    return new ReviewStatement(
        installation,
        review.id(),
        review.pack().hash(),
        about,
        ruling,
        author.name(),
        author.rationale(),
        clock.instant());
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
    return recorded(id, json().put("by", by), refused);
  }

  private ReviewStep recorded(String id, SignedStatement signed, ReviewStep.Refused refused) {
    return recorded(
        id,
        signed
            .brought()
            .map(hand -> json().put("by", hand.name()).put("person", hand.person()))
            .orElseGet(() -> json().put("by", signed.says().by())),
        refused);
  }

  private ReviewStep recorded(String id, JsonObject.Builder by, ReviewStep.Refused refused) {
    var evidence =
        by.put("review", id)
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
  private static JsonObject.Builder said(SignedStatement signed) {
    return json()
        .put("by", signed.says().by())
        .putIfPresent("person", signed.brought().map(Brought::person))
        .put("rationale", signed.says().rationale())
        .put("statement_hash", OpaqueToken.hash(new Secret(signed.compact())));
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
