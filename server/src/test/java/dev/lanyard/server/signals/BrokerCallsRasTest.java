package dev.lanyard.server.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.delivery.DeliveryConfig;
import dev.lanyard.server.delivery.Dispatcher;
import dev.lanyard.server.delivery.Letter;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.keys.KeySafe;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.pair.Assertions;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.signals.outbound.RevocationTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "GTR-7: the broker of a customer tells the resource authorization server of a vendor, which is"
        + " another installation")
class BrokerCallsRasTest {
  @TempDir Path folder;
  @TempDir Path customersFolder;

  private Pair customer;
  private Pair vendor;
  private Outbox outbox;
  private Signals signals;
  private Dispatcher dispatcher;

  @BeforeEach
  void start() throws IOException {
    customer = Pair.start(Setup.usual(customersFolder), customersFolder);
    vendor = Pair.start(Setup.usual(folder).serving(customer.broker()), folder);
    var target =
        new RevocationTarget(
            "vendor",
            vendor.rasUrl("/global-token-revocation"),
            new RevocationTarget.Proof.Signed(World.APP_AT_GLOBEX),
            RevocationTarget.Format.ISS_SUB);
    var config = new SignalsConfig(List.of(), Optional.empty(), List.of(), List.of(target));
    var identity = new Signals.Identity(customer.broker(), World.ORGANISATION, "broker", Set.of());
    outbox = new Outbox(customer.database, (_, _, _) -> {}, customer.clock);
    customer.revocation.tells(Signals.downstream(identity, config, customer.directory, outbox));
    var clients = Files.writeString(customersFolder.resolve("none.yaml"), "clients: []");
    var master = MasterKey.load(customer.setup().shared().resolve("master.key"));
    var parts =
        new Signals.Parts(
            customer.directory,
            ClientRegistry.open(clients),
            customer.revocation,
            outbox,
            KeySafe.of(master));
    signals = new Signals(identity, config, parts, customer.platform());
    dispatcher =
        Dispatcher.start(
            customer.database,
            signals.couriers(),
            (_, _, _) -> {},
            DeliveryConfig.DEFAULT,
            customer.clock);
    // The key that signs calls was made a moment ago, beside the ring that publishes it.
    customer.awaitChanges();
  }

  @AfterEach
  void stop() {
    dispatcher.close();
    signals.close();
    vendor.close();
    customer.close();
  }

  /// What somebody of the customer has at the vendor.
  private String token(String userName) {
    var address = userName + "@" + World.NEIGHBOURS_DOMAIN;
    var _ = vendor.personOf(World.NEIGHBOUR, userName, address);
    var broker = new Assertions(customer, userName);
    var claims =
        broker
            .claims(World.LINEAR, "issues.read")
            .put("aud", vendor.ras().value())
            .put("email", address);
    var answer = new Desk(vendor).redeem(broker.signed(claims.build()));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.text("access_token");
  }

  private boolean isActive(String token) {
    return new Desk(vendor).introspect(token, "linear-server").body().contains("\"active\":true");
  }

  @Test
  @DisplayName("whom the customer switches off is out at the vendor as well, and nobody else is")
  void who_is_switched_off() {
    var carl = customer.person("carl", "engineering");
    var tokens = List.of(token("carl"), token("dora"));
    customer.clock.advance(Duration.ofSeconds(2));
    vendor.clock.advance(Duration.ofSeconds(2));

    customer.revocation.report(
        Source.of(Source.Kind.ADMIN),
        new Subject.Person(carl.id()),
        Happening.DISABLED,
        "left",
        "corr-1");

    Soon.until("told", () -> outbox.waiting().isEmpty());
    assertThat(outbox.causedBy("corr-1").getFirst().state()).isEqualTo(Letter.State.DELIVERED);
    assertThat(isActive(tokens.getFirst())).isFalse();
    assertThat(isActive(tokens.getLast())).isTrue();
  }
}
