package dev.lanyard.server.signals.outbound;

import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.securityevent.LogoutToken;
import dev.lanyard.server.authorization.ClientNames;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.delivery.Courier;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.token.Platform;
import java.time.Duration;

/// Tells a client of ours that a session has ended (BCL-5, BCL-6).
///
/// @spec https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRequest OpenID Connect
///   Back-Channel Logout 1.0 §2.5
public final class LogoutCourier implements Courier {
  /// The kind of delivery.
  public static final String KIND = "logout-token";

  /// A logout token lives no longer than this.
  private static final Duration LIFE = Duration.ofMinutes(2);

  private final Issuer self;
  private final ClientRegistry clients;
  private final ClientNames names;
  private final SignalSigner signer;
  private final Platform platform;

  public LogoutCourier(
      Issuer self,
      ClientRegistry clients,
      ClientNames names,
      SignalSigner signer,
      Platform platform) {
    this.self = self;
    this.clients = clients;
    this.names = names;
    this.signer = signer;
    this.platform = platform;
  }

  @Override
  public Result carry(Parcel parcel) {
    try {
      var body = parcel.delivery().body();
      var id = ClientId.parse(body.nonEmptyString("client"));
      // Asked now, not when it was written: the client may have moved.
      var client = clients.find(id);
      var logout = client.flatMap(Client::logout);
      if (client.isEmpty() || logout.isEmpty()) {
        return new Result.Gone("the client wants no logout tokens any more");
      }
      var now = platform.clock().instant();
      // Also to a client that does not require it: with the person alone all their sessions would
      // end.
      var session = body.string("session").map(one -> names.session(client.get(), one));
      var person = body.string("person").map(one -> names.subject(client.get(), new PersonId(one)));
      var token = new LogoutToken(self, parcel.id(), now, now.plus(LIFE), person, session);
      var form = Form.builder().add("logout_token", signer.logout(token.claimsFor(id))).build();
      return Sending.result(platform.egress().send(EgressRequest.post(logout.get().uri(), form)));
    } catch (MalformedException e) {
      throw new IllegalStateException("a delivery of a logout token cannot be read", e);
    }
  }
}
