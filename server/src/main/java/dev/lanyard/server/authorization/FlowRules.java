package dev.lanyard.server.authorization;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.TokenResponse;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.authorization.upstream.AuthenticationRequirement;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.token.TokenRequest;
import dev.lanyard.server.token.TokenResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an authorization server decides in the flow by itself. Thread-safe.
public interface FlowRules {
  /// What is granted of what a request asks for, if the person lets it.
  sealed interface Demand {
    /// @param resources what the tokens will be for
    /// @param scopes may be fewer than were asked for
    /// @param strength how the person must have signed in for that
    record Granted(
        List<ResourceIndicator> resources, Scopes scopes, AuthenticationRequirement strength)
        implements Demand {
      public Granted {
        resources = List.copyOf(resources);
      }
    }

    /// @param failed its check names the parameter, its expectation what it must be
    record Refused(ErrorCode code, Evidence failed) implements Demand {}
  }

  /// Reads what is asked for.
  ///
  /// @param form the authorization request; untrusted
  Demand demand(Form form, Client client);

  /// What is answered to somebody who may not go on to a client; recorded by whoever answers.
  ///
  /// @param upstream the provider that signed them in, if one did
  /// @param event what they were doing, for the record
  /// @return empty if they may
  Optional<Response> refusal(
      Request request, Valid waiting, Person person, Optional<String> upstream, String event);

  /// What a person is asked to agree to before a client gets anything (AC-9).
  ///
  /// @param wanted at each resource
  /// @param lasting how long the client may renew what it gets without the person; empty if it may
  ///   not
  /// @param onceWithin where the answer counts for this request alone and the person is asked each
  ///   time: how soon after the sign-in they must answer; empty where the answer is remembered
  record Terms(List<Wanted> wanted, Optional<Duration> lasting, Optional<Duration> onceWithin) {
    public Terms {
      wanted = List.copyOf(wanted);
    }
  }

  /// What a client wants at one resource.
  ///
  /// @param name of the resource, for people
  /// @param words what each scope means, for people
  record Wanted(ResourceIndicator resource, String name, Scopes scopes, Map<String, String> words) {
    public Wanted {
      words = Map.copyOf(words);
    }
  }

  /// What some scopes at a resource are, for people.
  default Wanted described(ResourceIndicator resource, Scopes scopes) {
    return new Wanted(resource, resource.value(), scopes, Map.of());
  }

  /// What this person is to be asked; empty where nobody is asked anything.
  default Optional<Terms> terms(Valid waiting, Person person) {
    return Optional.empty();
  }

  /// Whom an ID Token of ours is about, by our id, and to which client it was issued.
  record Hinted(String person, ClientId client) {}

  /// Our id of the person whom a client knows by a `sub`; empty if it can know nobody by it.
  ///
  /// @param subject untrusted
  default Optional<String> person(Client client, String subject) {
    return Optional.of(subject);
  }

  /// What an `id_token_hint` says, also one that has expired; empty if it is no ID Token of ours.
  ///
  /// @param idToken untrusted
  default Optional<Hinted> hinted(String idToken) {
    return Optional.empty();
  }

  /// What a code or a refresh token gives.
  sealed interface Issue {
    /// @param response without a refresh token
    /// @param facts what must be durable before it leaves
    /// @param evidence for the audit record
    record Given(TokenResponse response, List<Row> facts, JsonObject evidence) implements Issue {
      public Given {
        facts = List.copyOf(facts);
      }
    }

    record NotGiven(TokenResult.Refused refused) implements Issue {}

    record Undecided(TokenResult.Unavailable outage) implements Issue {}
  }

  /// Issues the first tokens on these grounds.
  ///
  /// @param nonce of the authorization request
  /// @param at when they count as issued
  Issue first(TokenRequest request, Grounds grounds, Optional<String> nonce, Instant at);

  /// Issues tokens once more on the same grounds.
  Issue again(TokenRequest request, Grounds grounds, Instant at);

  /// What has made dead what these grounds gave, beside what [Liveness] knows of. Asked when it is
  /// durable.
  default Optional<Evidence> death(Grounds grounds) {
    return Optional.empty();
  }

  /// Whether a client is given a refresh token with the first tokens.
  boolean isRenewable(Client client, Scopes scopes);
}
