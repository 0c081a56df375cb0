package dev.lanyard.server.authorization;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.authorization.FlowRules.Terms;
import dev.lanyard.server.authorization.FlowRules.Wanted;
import dev.lanyard.server.authorization.Visitors.Visitor;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.directory.Person;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether a person must be asked before a client gets anything. What they have agreed to counts
/// for this client as it is now, answered where they were shown, at this resource, for these scopes
/// (AC-19): they are asked only for what is new, or for everything where the client has become
/// another (REG-5) or somebody else gets the answer. Where an answer counts for one request alone,
/// nothing that they have agreed to counts.
final class ConsentGate {
  private final FlowRules rules;
  private final Consents consents;

  ConsentGate(FlowRules rules, Consents consents) {
    this.rules = rules;
    this.consents = consents;
  }

  /// What the person is asked.
  ///
  /// @param terms everything that the client would have
  /// @param known what they have agreed to before, by the resource
  record Question(Terms terms, Map<String, Scopes> known) {
    Question {
      known = Map.copyOf(known);
    }

    /// What is new at a resource.
    Scopes added(Wanted wanted) {
      var before = known.getOrDefault(wanted.resource().value(), Scopes.NONE);
      return Scopes.of(
          wanted.scopes().values().stream().filter(scope -> !before.contains(scope)).toList());
    }

    boolean isKnown(Wanted wanted) {
      return known.containsKey(wanted.resource().value());
    }
  }

  /// What has to be asked; empty if the client may go on without a question.
  Optional<Question> question(Valid waiting, Person person) {
    return rules
        .terms(waiting, person)
        .map(terms -> question(terms, waiting, person))
        .filter(question -> waiting.wishes().consent() || isOpen(question));
  }

  private Question question(Terms terms, Valid waiting, Person person) {
    return new Question(terms, terms.onceWithin().isPresent() ? Map.of() : known(waiting, person));
  }

  /// Whether an answer that comes now is to a question that this sign-in has asked: one that counts
  /// once is not good for as long as the session is.
  boolean isInTime(Valid waiting, Visitor visitor, Instant now) {
    return rules
        .terms(waiting, visitor.person())
        .flatMap(Terms::onceWithin)
        .filter(within -> visitor.session().createdAt().plus(within).isBefore(now))
        .isEmpty();
  }

  private Map<String, Scopes> known(Valid waiting, Person person) {
    var known = new LinkedHashMap<String, Scopes>();
    consents
        .agreed(person.id(), waiting.client(), recipient(waiting))
        .forEach((resource, scopes) -> known.put(resource.value(), scopes));
    return known;
  }

  private static Recipient recipient(Valid waiting) {
    return new Recipient(waiting.replyTo().redirectUri());
  }

  private static String mark(Valid waiting) {
    return Consents.mark(waiting.client(), recipient(waiting));
  }

  private static boolean isOpen(Question question) {
    return question.terms().wanted().stream().anyMatch(wanted -> isOpen(question, wanted));
  }

  private static boolean isOpen(Question question, Wanted wanted) {
    return !question.isKnown(wanted) || !question.added(wanted).isEmpty();
  }

  /// The facts of a person's agreement to everything that they are asked, as far as it is not
  /// recorded: an answer that is sent again says nothing new, and one that counts once is no fact.
  /// If it is taken back at this moment, the code that comes of it finds nothing agreed.
  List<Row> agreed(Valid waiting, Person person) {
    var mark = mark(waiting);
    return rules.terms(waiting, person).stream()
        .filter(terms -> terms.onceWithin().isEmpty())
        .map(terms -> question(terms, waiting, person))
        .flatMap(question ->
            question.terms().wanted().stream().filter(wanted -> isOpen(question, wanted)))
        .map(wanted ->
            consents.given(
                person.id(), waiting.client().id(), mark, wanted.resource(), wanted.scopes()))
        .toList();
  }

  /// What a question says, so that its answer is to this one: of another request, another client,
  /// or other rules than those of a moment ago it is none.
  String text(Valid waiting, Person person) {
    var text = new StringBuilder(waiting.query()).append('\n').append(mark(waiting));
    rules
        .terms(waiting, person)
        .ifPresent(terms ->
            terms
                .wanted()
                .forEach(wanted ->
                    text.append('\n')
                        .append(wanted.resource())
                        .append(' ')
                        .append(wanted.scopes())));
    return text.toString();
  }

  /// For the record, on what a client goes on that nobody was asked about.
  JsonObject unasked(Valid waiting, Person person) {
    var how = JsonObject.builder();
    if (rules.terms(waiting, person).isPresent()) {
      how.put("consent", "given before");
    }
    return how.build();
  }
}
