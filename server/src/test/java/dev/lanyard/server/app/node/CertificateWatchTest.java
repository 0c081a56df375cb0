package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.http.HttpServer;
import dev.lanyard.server.http.Listener;
import dev.lanyard.server.http.TestCertificate;
import dev.lanyard.server.http.TestLimits;
import dev.lanyard.server.http.Tls;
import dev.lanyard.server.pair.Soon;
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
    database = Database.open(TestDatabases.sqlite(folder), () -> now);
    http = bound(TestCertificate.ec("first", Duration.ofDays(30)).writeTo(folder));
    watch = new CertificateWatch(http, database, () -> now);
  }

  private static HttpServer bound(Tls files) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return HttpServer.bind(
        List.of(
            new Listener("broker", address, Optional.of(files)),
            new Listener("plain", address, Optional.empty())),
        TestLimits.USUAL);
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
  void until_it_is_replaced_also_while_no_process_ran() throws Exception {
    now = now.plus(Duration.ofDays(20));
    assertThat(alarms()).hasSize(1);
    new Alarms(database)
        .raise(new Alarm(CertificateWatch.ALARM, "ras until 2026-12-01", "another's", now));
    http.close();
    var files = TestCertificate.ec("next", Duration.ofDays(90)).writeTo(folder);
    http = bound(files);
    watch = new CertificateWatch(http, database, () -> now);

    assertThat(alarms()).containsExactly("1 another's");
  }

  @Test
  void a_restart_alone_ends_nothing() throws Exception {
    now = now.plus(Duration.ofDays(20));
    assertThat(alarms()).hasSize(1);

    watch = new CertificateWatch(http, database, () -> now);

    assertThat(alarms()).hasSize(1);
  }

  @Test
  void until_it_is_replaced() throws Exception {
    now = now.plus(Duration.ofDays(20));
    assertThat(alarms()).hasSize(1);

    var _ = TestCertificate.ec("next", Duration.ofDays(90)).writeTo(folder);

    Soon.until(() -> alarms().isEmpty());
    assertThat(watch.days().get("broker")).isBetween(69.9, 70.0);
  }
}
