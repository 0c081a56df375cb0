package dev.lanyard.server.clients.authentication;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.clients.AuthMethod;
import java.util.List;
import java.util.Optional;

/// Finds out in which one way a request means to authenticate its client (TOK-2).
///
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3 RFC 6749 §2.3
final class ProofReader {
  static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  private ProofReader() {}

  sealed interface Reading {
    record Read(Proof proof) implements Reading {}

    /// @param client who it claims to be, if that could be read
    record Unreadable(ErrorCode code, Optional<ClientId> client, Evidence evidence)
        implements Reading {}
  }

  static Reading read(Presented presented) {
    var form = presented.form();
    var authorization = presented.authorization();
    boolean assertion = form.has("client_assertion") || form.has("client_assertion_type");
    int ways =
        (authorization.isEmpty() ? 0 : 1)
            + (form.has("client_secret") ? 1 : 0)
            + (assertion ? 1 : 0);
    if (ways > 1 || authorization.size() > 1) {
      return unreadable(
          ErrorCode.INVALID_REQUEST,
          new Evidence("client-authentication", "one", "several", "TOK-2"));
    }
    try {
      if (!authorization.isEmpty()) {
        return basic(authorization, form);
      }
      return assertion ? assertion(form) : fromBody(form);
    } catch (MalformedException e) {
      return unreadable(
          ErrorCode.INVALID_CLIENT,
          new Evidence("client-authentication", "well-formed", e.getMessage(), "TOK-2"));
    }
  }

  private static Reading basic(List<String> authorization, Form form) throws MalformedException {
    var credentials = BasicCredentials.parse(authorization.getFirst());
    // Several clients repeat their id in the body; only another id is a second identity.
    if (form.has("client_id") && !form.required("client_id").equals(credentials.client().value())) {
      return unreadable(
          ErrorCode.INVALID_REQUEST,
          new Evidence("client_id", credentials.client().value(), "another", "TOK-2"));
    }
    return new Reading.Read(
        new Proof.WithSecret(
            credentials.client(), credentials.secret(), AuthMethod.CLIENT_SECRET_BASIC));
  }

  private static Reading fromBody(Form form) throws MalformedException {
    if (!form.has("client_id")) {
      return unreadable(
          ErrorCode.INVALID_CLIENT, new Evidence("client_id", "present", "absent", "IDP-11"));
    }
    var client = ClientId.parse(form.required("client_id"));
    return new Reading.Read(
        form.has("client_secret")
            ? new Proof.WithSecret(
                client, new Secret(form.required("client_secret")), AuthMethod.CLIENT_SECRET_POST)
            : new Proof.Nothing(client));
  }

  private static Reading assertion(Form form) throws MalformedException {
    var type = form.required("client_assertion_type");
    if (!type.equals(ASSERTION_TYPE)) {
      return unreadable(
          ErrorCode.INVALID_CLIENT,
          new Evidence("client_assertion_type", ASSERTION_TYPE, type, "TOK-3"));
    }
    var assertion = form.required("client_assertion");
    var subject =
        UnverifiedJwt.parse(assertion)
            .unverifiedClaims()
            .subject()
            .orElseThrow(() -> new MalformedException("the client assertion has no 'sub'"));
    var client = ClientId.parse(subject);
    if (form.has("client_id") && !form.required("client_id").equals(client.value())) {
      return unreadable(
          ErrorCode.INVALID_REQUEST, new Evidence("client_id", client.value(), "another", "TOK-3"));
    }
    return new Reading.Read(new Proof.WithAssertion(client, assertion));
  }

  private static Reading unreadable(ErrorCode code, Evidence evidence) {
    return new Reading.Unreadable(code, Optional.empty(), evidence);
  }
}
