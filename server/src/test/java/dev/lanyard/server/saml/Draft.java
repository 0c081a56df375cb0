package dev.lanyard.server.saml;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The text of a response with an assertion, before anybody has signed it. Good as it is made; a
/// test spoils one thing.
public final class Draft {
  public static final String RESPONSE_ID = "_response";
  public static final String ASSERTION_ID = "_assertion";

  private final Map<String, String> values = new LinkedHashMap<>();
  private String text = TEMPLATE;

  private static final String TEMPLATE =
      """
      <samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"\
       xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_response" Version="2.0"\
       IssueInstant="{now}" Destination="{acs}" InResponseTo="{request}">\
      <saml:Issuer>{issuer}</saml:Issuer>\
      <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>\
      {assertion}</samlp:Response>\
      """;

  private static final String ASSERTION =
      """
      <saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_assertion"\
       Version="2.0" IssueInstant="{now}"><saml:Issuer>{issuer}</saml:Issuer>\
      <saml:Subject><saml:NameID{nameid-attributes}>{nameid}</saml:NameID>\
      <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">\
      <saml:SubjectConfirmationData Recipient="{acs}" InResponseTo="{request}"\
       NotOnOrAfter="{end}"/></saml:SubjectConfirmation></saml:Subject>\
      <saml:Conditions NotBefore="{now}" NotOnOrAfter="{end}"><saml:AudienceRestriction>\
      <saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>\
      <saml:AuthnStatement AuthnInstant="{authenticated}" SessionIndex="{session}">\
      <saml:AuthnContext><saml:AuthnContextClassRef>{context}</saml:AuthnContextClassRef>\
      </saml:AuthnContext></saml:AuthnStatement>\
      <saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>\
      """;

  /// Of somebody who is `zoe-1` there.
  ///
  /// @param acs where it is sent
  /// @param audience for whom it is
  public Draft(Instant now, String acs, String audience, String requestId) {
    values.put("assertion", ASSERTION);
    values.put("now", now.toString());
    values.put("authenticated", now.toString());
    values.put("end", now.plus(Duration.ofMinutes(5)).toString());
    values.put("acs", acs);
    values.put("audience", audience);
    values.put("request", requestId);
    values.put("issuer", Idp.ENTITY_ID);
    values.put("nameid", "zoe-1");
    values.put(
        "nameid-attributes", " Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\"");
    values.put("session", "session-1");
    values.put("context", "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport");
    values.put("attributes", attribute("uid", List.of("zoe")));
  }

  /// Another value in the place of the good one.
  public Draft with(String name, String value) {
    if (values.put(name, value) == null) {
      throw new IllegalArgumentException("the draft has no " + name);
    }
    return this;
  }

  /// The attributes, in place of all others.
  public Draft withAttributes(Map<String, List<String>> attributes) {
    var all = new StringBuilder();
    attributes.forEach((name, several) -> all.append(attribute(name, several)));
    return with("attributes", all.toString());
  }

  private static String attribute(String name, List<String> several) {
    var out = new StringBuilder("<saml:Attribute Name=\"" + name + "\">");
    several.forEach(value ->
        out.append("<saml:AttributeValue>").append(value).append("</saml:AttributeValue>"));
    return out.append("</saml:Attribute>").toString();
  }

  /// Other text in place of some that is there.
  Draft replacing(String part, String replacement) {
    for (var name : List.of("assertion")) {
      if (values.get(name).contains(part)) {
        values.put(name, values.get(name).replace(part, replacement));
        return this;
      }
    }
    if (!text.contains(part)) {
      throw new IllegalArgumentException("the draft has no " + part);
    }
    text = text.replace(part, replacement);
    return this;
  }

  /// The whole response.
  public String response() {
    return filled(text);
  }

  /// The assertion alone.
  public String assertion() {
    return filled("{assertion}");
  }

  private String filled(String template) {
    var filled = template;
    for (var value : values.entrySet()) {
      filled = filled.replace("{" + value.getKey() + "}", value.getValue());
    }
    return filled;
  }
}
