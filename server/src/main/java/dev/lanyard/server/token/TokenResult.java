package dev.lanyard.server.token;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.directory.Person;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What a [Grant] decided.
public sealed interface TokenResult {
  /// For the audit record.
  Findings findings();

  /// To be answered, once everything about it is durable.
  ///
  /// @param response the body of the answer
  /// @param claim what must not have been claimed before, e.g. an authorization code
  /// @param facts what must be durable before the answer leaves
  /// @param ifTaken what to do if somebody else has the claim
  /// @param death what has killed it meanwhile; asked when it is durable, because that takes time
  record Issued(
      JsonObject response,
      Optional<Row> claim,
      List<Row> facts,
      Findings findings,
      Supplier<TokenResult> ifTaken,
      Supplier<Optional<Evidence>> death)
      implements TokenResult {

    public Issued {
      facts = List.copyOf(facts);
    }

    /// Claims nothing.
    public static Issued of(JsonObject response, List<Row> facts, Findings findings) {
      Supplier<TokenResult> never =
          () -> {
            throw new IllegalStateException("a unit without a claim was taken");
          };
      return new Issued(response, Optional.empty(), facts, findings, never, Optional::empty);
    }

    /// Claims something.
    public static Issued claiming(
        Row claim,
        JsonObject response,
        List<Row> facts,
        Findings findings,
        Supplier<TokenResult> ifTaken) {
      return new Issued(response, Optional.of(claim), facts, findings, ifTaken, Optional::empty);
    }

    /// The same, to be answered unless something has killed it by the time it is durable.
    ///
    /// @param death what has, if anything has; whatever was recorded of it is dead then
    public Issued unless(Supplier<Optional<Evidence>> death) {
      return new Issued(response, claim, facts, findings, ifTaken, death);
    }
  }

  /// To be refused: the caller learns the error, the administrator the findings.
  record Refused(OAuthError error, Findings findings) implements TokenResult {
    public static Refused of(ErrorCode code, String description, Evidence failed) {
      return new Refused(new OAuthError(code, description), Findings.of(failed));
    }

    /// Of a client that proves nothing and would exchange a token: it may not, whoever it says it
    /// is (IDP-11).
    public static Refused publicExchange() {
      return of(
          ErrorCode.UNAUTHORIZED_CLIENT,
          "only a client that can prove who it is may exchange tokens",
          new Evidence("client", "confidential", "public", "IDP-11"));
    }

    /// The same with the person that it is about.
    public Refused about(Person person) {
      return new Refused(error, findings.about(person));
    }

    /// The same about whoever it was, if that is known.
    public Refused about(Optional<Person> person) {
      return new Refused(error, findings.about(person));
    }
  }

  /// Nobody can decide now. Answered with 503, because a client that reads 4xx throws away what it
  /// has.
  ///
  /// @param why for an operator
  record Unavailable(String why, Findings findings) implements TokenResult {
    public static Unavailable because(String why) {
      return new Unavailable(why, Findings.of(JsonObject.builder().put("outage", why).build()));
    }
  }
}
