package dev.lanyard.server.console.governance;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.pair.Answer;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// Signs what a page of a review asks for, as the script in the browser does: from what the page
/// says, and nothing else.
final class Pen {
  private static final Pattern DATA = Pattern.compile("data-([a-z]+)=\"([^\"]*)\"");
  private static final String TYPE = "lanyard-review-statement+jwt";

  private final Map<String, String> said = new HashMap<>();
  private final SigningKey key;

  private Pen(SigningKey key) {
    this.key = key;
  }

  static Pen at(Answer page, SigningKey key) {
    var form = page.body().indexOf("<form method=\"post\" action=\"/reviews/");
    if (form < 0) {
      throw new AssertionError("nothing to sign: " + page.status() + " " + page.body());
    }
    var pen = new Pen(key);
    var tag = page.body().substring(form, page.body().indexOf('>', form));
    var matcher = DATA.matcher(tag);
    while (matcher.find()) {
      pen.said.put(matcher.group(1), matcher.group(2));
    }
    return pen;
  }

  String pack() {
    return said("pack");
  }

  private String said(String name) {
    var value = said.get(name);
    if (value == null) {
      throw new AssertionError("the page does not say " + name);
    }
    return value;
  }

  /// The same, where the page would have said something else.
  Pen with(String name, String value) {
    var other = new Pen(key);
    other.said.putAll(said);
    other.said.put(name, value);
    return other;
  }

  /// The same by another key.
  Pen by(SigningKey another) {
    var other = new Pen(another);
    other.said.putAll(said);
    return other;
  }

  String decision(String item, String ruling, String rationale) {
    return statement(item, ruling, rationale);
  }

  String signature(String rationale) {
    return statement(said("about"), "", rationale);
  }

  private String statement(String about, String ruling, String rationale) {
    return new JwtSigner(key, TYPE)
        .sign(
            JsonObject.builder()
                .put("aud", said("installation"))
                .put("kind", said("signs"))
                .put("review", said("review"))
                .put("pack", said("pack"))
                .put("about", about)
                .put("ruling", ruling)
                .put("sub", said("name"))
                .put("rationale", rationale)
                .put("iat", Instant.parse(said("at")).getEpochSecond())
                .build());
  }
}
