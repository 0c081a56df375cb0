package dev.lanyard.server.authorization;

import static dev.lanyard.server.authorization.AuthorizationRequests.invalid;

import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.authorization.AuthorizationRequests.Fault;
import dev.lanyard.server.authorization.upstream.Wishes;
import dev.lanyard.server.authorization.upstream.Wishes.Prompt;
import dev.lanyard.server.clients.Client;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// Reads how an application wants its person to be asked (AC-14).
final class WishesReader {
  private static final int MOST_ACR_VALUES = 20;

  /// Longer than any sign-in is remembered.
  private static final Duration WHENEVER = Duration.ofDays(366);

  private final FlowRules rules;

  WishesReader(FlowRules rules) {
    this.rules = rules;
  }

  Wishes read(Form form, Client client, ClaimsRequest claims) throws Fault {
    var acrValues = acrValues(form, claims);
    return new Wishes(
        prompt(form, words(form.one("prompt"))),
        maxAge(form, claims),
        acrValues,
        claims.acrEssential() && !acrValues.isEmpty(),
        form.one("login_hint"),
        form.one("domain_hint"),
        person(form, client, claims),
        words(form.one("prompt")).contains("consent"));
  }

  private static Prompt prompt(Form form, List<String> words) throws Fault {
    var asked = form.one("prompt");
    var prompts = new LinkedHashSet<>(words);
    if (!AuthorizationFlow.PROMPTS.containsAll(prompts)) {
      throw invalid("prompt", "some of " + AuthorizationFlow.PROMPTS, asked, "AC-14");
    }
    if (prompts.contains("none")) {
      if (prompts.size() > 1) {
        throw invalid("prompt", "none alone", asked, "AC-14");
      }
      return Prompt.NONE;
    }
    if (prompts.contains("login")) {
      return Prompt.LOGIN;
    }
    return prompts.contains("select_account") ? Prompt.SELECT_ACCOUNT : Prompt.DEFAULT;
  }

  private static Optional<Duration> maxAge(Form form, ClaimsRequest claims) throws Fault {
    var maxAge = form.one("max_age");
    if (maxAge.isPresent() && !maxAge.get().matches("[0-9]{1,9}")) {
      throw invalid("max_age", "seconds", maxAge, "AC-14");
    }
    return maxAge
        .map(Long::parseLong)
        .map(Duration::ofSeconds)
        // Only a provider that is asked for a max_age must say when somebody signed in.
        .or(() -> claims.authTimeEssential() ? Optional.of(WHENEVER) : Optional.empty());
  }

  /// Only whoever names a few gets an answer: they are compared, kept and passed on.
  private static List<String> acrValues(Form form, ClaimsRequest claims) throws Fault {
    var asked = form.one("acr_values");
    var values = claims.acrValues().isEmpty() ? words(asked) : claims.acrValues();
    if (values.size() > MOST_ACR_VALUES) {
      throw invalid("acr_values", "at most " + MOST_ACR_VALUES, asked, "AC-14");
    }
    return values;
  }

  private static List<String> words(Optional<String> parameter) {
    return Arrays.stream(parameter.orElse("").split(" ")).filter(word -> !word.isEmpty()).toList();
  }

  /// Two ways to name the only person who will do; they must name the same one.
  private Optional<String> person(Form form, Client client, ClaimsRequest claims) throws Fault {
    var claimed = claimed(client, claims);
    var hint = form.one("id_token_hint");
    if (hint.isEmpty()) {
      return claimed;
    }
    var person =
        rules
            .hinted(hint.get())
            .filter(one -> one.client().equals(client.id()))
            .map(FlowRules.Hinted::person);
    if (person.isEmpty()) {
      throw invalid(
          "id_token_hint", "an ID Token of ours for this client", Optional.of("another"), "AC-14");
    }
    if (claimed.isPresent() && !claimed.equals(person)) {
      throw invalid("id_token_hint", "the person of 'claims'", Optional.of("another"), "AC-14");
    }
    return person;
  }

  private Optional<String> claimed(Client client, ClaimsRequest claims) throws Fault {
    if (claims.subject().isEmpty()) {
      return Optional.empty();
    }
    var person = rules.person(client, claims.subject().get());
    if (person.isEmpty()) {
      throw new Fault(
          ErrorCode.LOGIN_REQUIRED, "claims", "the sub of somebody", "nobody's", "AC-14");
    }
    return person;
  }
}
