package dev.lanyard.server.audit;

import static dev.lanyard.server.audit.EventClass.ADMINISTRATION;
import static dev.lanyard.server.audit.EventClass.CALL;
import static dev.lanyard.server.audit.EventClass.DELIVERY;
import static dev.lanyard.server.audit.EventClass.ISSUANCE;
import static dev.lanyard.server.audit.EventClass.KEY;
import static dev.lanyard.server.audit.EventClass.KILL;
import static dev.lanyard.server.audit.EventClass.POLICY;
import static dev.lanyard.server.audit.EventClass.REDEMPTION;
import static dev.lanyard.server.audit.EventClass.SIGN_IN;
import static dev.lanyard.server.audit.EventClass.SWITCH;
import static dev.lanyard.server.audit.EventClass.SYSTEM;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The catalogue of everything that is recorded (AUD-1). A name that ends with `*` stands for all
/// that begin like it. `docs/events.md` is generated from this.
///
/// Of every refusal the evidence is `check`, `expected`, `actual` and `requirement` (AUD-3), and
/// `error` as the caller was told.
public enum EventType {
  SIGNED_IN(
      "sign-in", SIGN_IN, "somebody signed in, here or upstream", "upstream, acr, amr, withheld"),
  SIGNED_OUT("sign-out", SIGN_IN, "a request to sign out was refused", ""),
  AUTHORIZE("authorize", SIGN_IN, "an authorization request was refused", ""),
  AUTHORIZE_PUSH("authorize.push", SIGN_IN, "a pushed authorization request was refused", ""),
  USER_INFO("userinfo", SIGN_IN, "a question for somebody's claims was refused", ""),
  SETUP("setup", SIGN_IN, "a page with the configuration of clients was refused", ""),

  CONSOLE_SIGN_IN(
      "console.sign-in",
      SIGN_IN,
      "somebody signed in to the console",
      "duties, second_factor, amr"),
  CONSOLE_SIGN_OUT("console.sign-out", SIGN_IN, "a session of the console was ended", "session"),

  TOKEN_EXCHANGE(
      "token.exchange",
      ISSUANCE,
      "an ID token, SAML assertion or refresh token was exchanged for an ID-JAG",
      "audience, resource, asked_scope, scope, policy, rules, jti, client_at_audience, bound"),
  TOKEN_CODE("token.code", ISSUANCE, "an authorization code was redeemed", "family, scope"),
  TOKEN_REFRESH("token.refresh", ISSUANCE, "a refresh token was used", "family, scope"),
  TOKEN_AGENT("token.agent", ISSUANCE, "a client got a token for itself", "token, scope"),
  TOKEN_REVOKE("token.revoke", KILL, "a client gave a token back", "family, token"),
  TOKEN_INTROSPECT("token.introspect", REDEMPTION, "an introspection was refused", ""),
  TOKEN_REQUEST("token.request", ISSUANCE, "a token request for no known grant was refused", ""),
  TOKENS("token.*", KILL, "an access token was ended", "reason, denied"),

  TOKEN_REDEEM(
      "token.redeem",
      REDEMPTION,
      "an ID-JAG was redeemed for an access token",
      "issuer, jti, txn, found_by, grant, token, use, resource, scope, authorization_details,"
          + " bound"),

  TOOL(
      "tool.*",
      CALL,
      "what a server says of a tool has changed, or somebody has judged it (the tool lock)",
      "connector, tool, hash, former_hash, grade, by, suspicions"),
  UPSTREAM("upstream.*", CALL, "what the gateway holds for somebody upstream", "connector"),
  GATEWAY_CALL(
      "gateway.call",
      CALL,
      "somebody called a tool, a resource or a prompt, and what was decided",
      "connector, txn, method, tool, resource, prompt, decision, policy_version, rules, grade"),
  GATEWAY_TASK(
      "gateway.task",
      CALL,
      "somebody asked for a task, their own or not, or a kill ended one",
      "connector, method, tool, reason"),
  GATEWAY("gateway.*", CALL, "the gateway and its upstreams", "connector"),

  PERSON_DISABLED("person.disabled", KILL, "somebody was switched off", "reason, source, denied"),
  PERSON_ENABLED("person.enabled", KILL, "somebody was switched on again", "reason, source"),
  PERSON_DELETED("person.deleted", KILL, "somebody was deleted at the source", "reason, source"),
  PERSON_REVOKED("person.revoked", KILL, "what somebody had was ended", "reason, source, denied"),
  PERSON_REEVALUATED(
      "person.reevaluated", KILL, "what a changed group or claim took away", "reason, denied"),
  SESSION_ENDED("session.ended", KILL, "a session ended before its time", "reason, denied"),
  SIGN_INS("sign_in.*", KILL, "somebody's sign-ins were ended", "reason, denied"),
  ASSERTIONS("assertion.*", KILL, "somebody's ID-JAGs were ended", "reason, denied"),
  SESSIONS("session.*", KILL, "a session was ended", "reason, denied"),
  GRANTS("grant.*", KILL, "a grant was ended", "reason, denied"),
  ISSUERS("issuer.*", SWITCH, "an identity provider was switched off or on", "reason, denied"),
  CONNECTORS("connector.*", SWITCH, "a connector was switched off or on", "reason, denied"),
  EVERYTHING("all.*", SWITCH, "everything was ended", "reason, denied"),
  CLIENT_DISABLED("client.disabled", SWITCH, "a client was switched off", "reason, denied"),
  CLIENT_ENABLED("client.enabled", SWITCH, "a client was switched on again", "reason, denied"),
  CLIENT_REVOKED("client.revoked", KILL, "what a client had was ended", "reason, denied"),
  ORGANISATION_DISABLED(
      "organisation.disabled", SWITCH, "an organisation was switched off", "reason, denied"),
  ORGANISATION_ENABLED(
      "organisation.enabled", SWITCH, "an organisation was switched on again", "reason, denied"),
  ORGANISATION_REVOKED(
      "organisation.revoked",
      KILL,
      "what an organisation's people had was ended",
      "reason, denied"),
  SIGNAL("signal.*", KILL, "a signal that ended nothing", "reason, what, source, signal, subject"),
  RECONCILIATION(
      "reconciliation", KILL, "the record was compared with itself", "people, grants, findings"),
  RECEIPT(
      "receipt.*",
      KILL,
      "a kill receipt was signed; with the hash of the signed text",
      "incident, sha256, issued_at, replaces, final, probes, probes_not_refused"),

  CONSOLE("console.*", ADMINISTRATION, "what somebody did or looked at in the console", "by"),
  API(
      "api.*",
      ADMINISTRATION,
      "what somebody did or looked at through the JSON API",
      "by, call, path, query"),
  EXCEPTION_REQUEST(
      "exception-request.*",
      ADMINISTRATION,
      "somebody asked for a connector besides their roles, or was answered",
      "request, connector, reason, until, submission, by"),
  PERSON("person.*", ADMINISTRATION, "a person was made or changed", "by"),
  SCIM("scim.*", ADMINISTRATION, "an identity provider keeps people and groups", "connection"),
  ORGANISATION("organisation.*", ADMINISTRATION, "the enrolment of an organisation", "by"),
  CONSENT("consent.*", ADMINISTRATION, "what somebody had agreed to was withdrawn", "by, scopes"),
  CLIENT_REFUSED("client.refused", ISSUANCE, "a client did not prove who it is", ""),
  CLIENT("client.*", ADMINISTRATION, "a client came, changed or went", "name, server, before, now"),
  CLIENTS("clients.*", ADMINISTRATION, "the file of clients was read", "version, faults"),

  LIBRARY_PEOPLE(
      "library.people",
      SWITCH,
      "a node began with another word on whose people the role library means",
      "organisation, groups_of_others, connectors"),
  LIBRARY(
      "library.*",
      POLICY,
      "a version of the role library was proposed, answered, published or enforced",
      "number, base, version, by, rationale"),
  POLICY_FILES("policy.*", POLICY, "the files of the role library were read", "version, faults"),
  CATALOG("catalog.*", POLICY, "the files of the catalogue were read", "version, faults"),
  WORKLOADS("workloads.*", POLICY, "the file of workloads was read", "version, faults"),
  APPROVERS("approvers.*", POLICY, "the file of approvers was read", "version, faults"),

  FORECAST(
      "forecast.*",
      ADMINISTRATION,
      "somebody said when a connector will have EMA, or whether it has",
      "connector, launch, forecaster, author, statement_hash, reason, evidence, on, taken_back,"
          + " by"),
  REVIEW(
      "review.*",
      EventClass.REVIEW,
      "a policy review was opened, decided, signed or refused",
      "review, provider, quarter, pack, by, rationale"),

  KEYS("key.*", KEY, "a signing key came into another state", "kid, server, purpose, algorithm"),

  DELIVERIES(
      "delivery.*", DELIVERY, "a message to outside", "delivery, kind, destination, attempts"),
  STREAM("stream.*", DELIVERY, "a stream of signals to others", "stream, receiver, status"),
  FEED("feed.*", DELIVERY, "a stream of the event feed", "stream"),
  EVENT("event.*", DELIVERY, "a security event that came", "source, event, id, txn"),
  REVOCATION_STREAM(
      "revocation.stream", DELIVERY, "a listener of the revocation stream was refused", ""),
  LOGOUT_RECEIVED("logout.received", DELIVERY, "a logout of an upstream was refused", ""),
  REVOCATION_CALLED("revocation.called", DELIVERY, "a call for revocation was refused", ""),

  ALARM("alarm.*", SYSTEM, "an alarm", "kind, subject"),
  TURNED_AWAY("requests.turned-away", SYSTEM, "requests without proof were limited", "turned_away"),
  REQUEST_REFUSED(
      "request.refused",
      SYSTEM,
      "refused before it was read: too large, too slow, broken HTTP or TLS",
      "route"),
  AUDIT("audit.*", SYSTEM, "the audit record about itself", "class, before, count"),
  PROBE(
      "probe.*",
      SYSTEM,
      "a connector publishes something else than before, or than the catalogue says",
      "connector, address, found, before, contradicts");

  private static final String ALL = "*";
  private static final int MOST_KNOWN = 1_000;

  private static final Map<String, EventType> EXACT =
      Arrays.stream(values())
          .filter(type -> !type.name.endsWith(ALL))
          .collect(Collectors.toMap(type -> type.name, Function.identity()));

  private static final Map<String, Optional<EventType>> KNOWN = new ConcurrentHashMap<>();

  private final String name;
  private final EventClass eventClass;
  private final String meaning;
  private final String evidence;

  EventType(String name, EventClass eventClass, String meaning, String evidence) {
    this.name = name;
    this.eventClass = eventClass;
    this.meaning = meaning;
    this.evidence = evidence;
  }

  /// As it is recorded, or with what all of its kind begin.
  public String value() {
    return name;
  }

  public EventClass eventClass() {
    return eventClass;
  }

  /// What has happened.
  public String meaning() {
    return meaning;
  }

  /// The members of its evidence, those of refusals left out.
  public String evidence() {
    return evidence;
  }

  private boolean isOf(String type) {
    return name.endsWith(ALL) && type.startsWith(name.substring(0, name.length() - 1));
  }

  /// What a recorded type stands for: itself rather than all that begin like it.
  public static Optional<EventType> named(String type) {
    var known = KNOWN.get(type);
    if (known != null) {
      return known;
    }
    var found = find(type);
    // The types of this program are few, but a database can hold anything.
    if (KNOWN.size() < MOST_KNOWN) {
      KNOWN.put(type, found);
    }
    return found;
  }

  private static Optional<EventType> find(String type) {
    return Optional.ofNullable(EXACT.get(type))
        .or(() ->
            Arrays.stream(values())
                .filter(one -> one.isOf(type))
                .max(Comparator.comparingInt(one -> one.name.length())));
  }
}
