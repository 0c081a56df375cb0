package dev.lanyard.server.authorization;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.sessions.AuthorizationCode;
import dev.lanyard.server.sessions.AuthorizationCodeStore;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.Session;
import dev.lanyard.server.sessions.SessionClients;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Answers an authorization request with a code, once everything about it is durable.
final class CodeAnswer {
  /// FAPI's bound (AC-5).
  private static final Duration CODE_LIFE = Duration.ofSeconds(60);

  private final AuthorizationAnswer answers;
  private final AuthorizationCodeStore codes;
  private final Journal journal;
  private final InstantSource clock;

  CodeAnswer(
      AuthorizationAnswer answers,
      AuthorizationCodeStore codes,
      Journal journal,
      InstantSource clock) {
    this.answers = answers;
    this.codes = codes;
    this.journal = journal;
    this.clock = clock;
  }

  /// A code for the person of this session, who is live.
  ///
  /// @param how on what it is given, for the record
  /// @param agreed what the person has agreed to just now, to be written with it
  Response of(Request request, Valid valid, Session session, JsonObject how, List<Row> agreed) {
    var code = OpaqueToken.secret();
    // A session of this very second may be dated into the next one; see DenySet.
    var now = Collections.max(List.of(clock.instant(), session.createdAt()));
    var meaning =
        new AuthorizationCode(
            OpaqueToken.identifier(),
            valid.client().id(),
            session.person(),
            session.id(),
            valid.replyTo().redirectUri().toString(),
            valid.challenge(),
            valid.resources(),
            valid.scopes(),
            valid.claims(),
            valid.nonce(),
            valid.keyThumbprint(),
            session.authentication(),
            now,
            now.plus(CODE_LIFE),
            session.endsBy());
    var evidence =
        JsonObject.builder()
            .put("session", session.id())
            .put("family", meaning.family())
            .put("scope", valid.scopes().toString())
            .build()
            .with(how);
    var findings = new Findings(Optional.empty(), Optional.of(session.person()), evidence);
    var facts = new ArrayList<>(agreed);
    facts.add(codes.issued(code, meaning));
    if (valid.client().logout().isPresent()) {
      facts.add(SessionClients.joined(session, valid.client().id()));
    }
    journal.allowed(AuthorizeEndpoint.subject(request, valid), findings, facts.toArray(Row[]::new));
    return answers.code(valid.replyTo(), code);
  }
}
