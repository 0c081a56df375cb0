package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.http.HttpLimits;
import dev.lanyard.server.http.HttpServer;
import dev.lanyard.server.http.Listener;
import dev.lanyard.server.http.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A server says in good time that its certificate ends")
class CertificateWatchTest {
  @TempDir private Path folder;
  private Instant now = InstantSource.system().instant();
  private Database database;
  private HttpServer http;
  private CertificateWatch watch;

  @BeforeEach
  void start() throws IOException {
    var files = TestCertificate.ec("first", Duration.ofDays(30)).writeTo(folder);
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    database = Database.open(TestDatabases.sqlite(folder), () -> now);
    http =
        HttpServer.bind(
            List.of(
                new Listener("broker", address, Optional.of(files)),
                new Listener("plain", address, Optional.empty())),
            HttpLimits.defaults());
    watch = new CertificateWatch(http, database, () -> now);
  }

  @AfterEach
  void stop() {
    http.close();
    database.close();
  }

  private List<String> alarms() {
    watch.look();
    return new Alarms(database)
        .standing().stream()
            .filter(one -> one.alarm().kind().equals(CertificateWatch.ALARM))
            .map(one -> one.times() + " " + one.alarm().detail())
            .toList();
  }

  @Test
  void two_weeks_before_the_end_and_then_once_a_day() {
    assertThat(alarms()).isEmpty();
    assertThat(watch.days()).containsOnlyKeys("broker");
    assertThat(watch.days().get("broker")).isBetween(29.9, 30.0);

    now = now.plus(Duration.ofDays(17));
    assertThat(alarms()).singleElement().asString().startsWith("1 ends in 12 days, at ");
    assertThat(alarms()).singleElement().asString().startsWith("1 ");
    now = now.plus(Duration.ofDays(1));
    assertThat(alarms()).singleElement().asString().startsWith("2 ends in 11 days, at ");
  }

  @Test
  void after_the_end() {
    now = now.plus(Duration.ofDays(31));

    assertThat(alarms()).singleElement().asString().startsWith("1 has expired at ");
    assertThat(watch.days().get("broker")).isBetween(-1.1, -0.9);
  }

  @Test
  void until_it_is_replaced() throws Exception {
    now = now.plus(Duration.ofDays(20));
    assertThat(alarms()).hasSize(1);

    var _ = TestCertificate.ec("next", Duration.ofDays(90)).writeTo(folder);

    for (int i = 0; i < 200 && !alarms().isEmpty(); i++) {
      Thread.sleep(50);
    }
    assertThat(alarms()).isEmpty();
    assertThat(watch.days().get("broker")).isBetween(69.9, 70.0);
  }
}
