package dev.lanyard.server.console;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Visit;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// A browser without a screen and without scripts: keeps cookies, follows redirects between console
/// and broker, and fills in forms as they are.
public final class Surfer {
  private static final Pattern FORM_TOKEN =
      Pattern.compile("name=\"form_token\" value=\"([^\"]+)\"");

  private final ConsoleWorld world;

  /// Of each server its own, as by different hosts.
  private final Map<Integer, Map<String, String>> cookies = new HashMap<>();

  public Surfer(ConsoleWorld world) {
    this.world = world;
  }

  /// Goes to a page of the console and wherever that leads.
  public Answer open(String path) {
    return follow(at(path));
  }

  /// Goes to a page of the console and follows nothing.
  public Answer at(String path) {
    return get(world.url(path));
  }

  public Answer get(URI url) {
    return kept(url, Http.get(url, headers(url)));
  }

  public Answer follow(Answer answer) {
    var last = answer;
    for (int hops = 0; last.status() == 303; hops++) {
      if (hops == 10) {
        throw new AssertionError("sent round in circles: " + last.location());
      }
      last = get(last.response().uri().resolve(last.location()));
    }
    return last;
  }

  /// Signs in with a password at the broker, and comes back to the first page.
  public Surfer signIn(String userName) {
    var page = signIn(open("/"), userName);
    if (page.status() != 200 || !page.body().contains("Sign out")) {
      throw new AssertionError("not signed in: " + page.status() + " " + page.body());
    }
    return this;
  }

  /// Fills in the sign-in page of the broker.
  public Answer signIn(Answer page, String userName) {
    return follow(answered(page, userName));
  }

  /// The same, and goes nowhere with the answer.
  public Answer answered(Answer page, String userName) {
    var form = Visit.form(page).add("user", userName).add("password", ConsoleWorld.PASSWORD);
    var url = world.brokerUrl("/login");
    return kept(url, Http.post(url, form.build(), headers(url)));
  }

  /// Answers the question of the broker what an application may do, and goes nowhere with it.
  public Answer decided(Answer question, String decision) {
    return decided(Visit.form(question).add("decision", decision).build());
  }

  public Answer decided(Form form) {
    var url = world.brokerUrl("/consent");
    return kept(url, Http.post(url, form, headers(url)));
  }

  /// Sends a form of the console with the token of the page that was shown last.
  public Answer submit(String path, Map<String, String> fields) {
    return post(path, fields, formToken(open("/")));
  }

  public Answer post(String path, Map<String, String> fields, String formToken) {
    return post(path, fields, formToken, Map.of());
  }

  public Answer post(
      String path, Map<String, String> fields, String formToken, Map<String, String> headers) {
    var form = Form.builder();
    new TreeMap<>(fields).forEach(form::add);
    if (!formToken.isEmpty()) {
      form.add("form_token", formToken);
    }
    var url = world.url(path);
    var all = new HashMap<>(headers(url));
    all.putAll(headers);
    return kept(url, Http.post(url, form.build(), all));
  }

  public static String formToken(Answer page) {
    var matcher = FORM_TOKEN.matcher(page.body());
    if (!matcher.find()) {
      throw new AssertionError("no form: " + page.status() + " " + page.body());
    }
    return matcher.group(1);
  }

  /// What this browser has of the console.
  public Map<String, String> cookies() {
    return cookies.computeIfAbsent(world.console, _ -> new TreeMap<>());
  }

  private Map<String, String> headers(URI url) {
    var own = cookies.computeIfAbsent(url.getPort(), _ -> new TreeMap<>());
    var text = new StringBuilder();
    own.forEach((name, value) -> text.append(name).append('=').append(value).append("; "));
    return text.isEmpty() ? Map.of() : Map.of("Cookie", text.toString());
  }

  private Answer kept(URI url, Answer answer) {
    var own = cookies.computeIfAbsent(url.getPort(), _ -> new TreeMap<>());
    for (var cookie : answer.response().headers().allValues("Set-Cookie")) {
      var pair = cookie.split(";", 2)[0].split("=", 2);
      if (cookie.contains("Max-Age=0;")) {
        own.remove(pair[0]);
      } else {
        own.put(pair[0], pair[1]);
      }
    }
    return answer;
  }
}
