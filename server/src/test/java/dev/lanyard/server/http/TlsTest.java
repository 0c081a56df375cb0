package dev.lanyard.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.pair.Soon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("SEC-7: TLS from PEM files")
class TlsTest {
  @TempDir Path folder;

  private static HttpServer start(Tls files) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var server =
        HttpServer.bind(
            List.of(new Listener("tls", address, Optional.of(files))), TestLimits.USUAL);
    server.serve(
        Map.of(
            "tls",
            List.of(
                Route.get("/", Access.PUBLIC, _ -> Response.text(200, "hello")),
                Route.post("/", Access.PUBLIC, _ -> Response.text(200, "read")).bodyLimit(100))));
    return server;
  }

  private static HttpResponse<String> get(
      HttpServer server, TestCertificate trusted, HttpClient.Version version) throws Exception {
    var uri = URI.create("https://localhost:" + server.port("tls") + "/");
    try (var client =
        HttpClient.newBuilder().sslContext(trusted.trust()).version(version).build()) {
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
  }

  private static boolean isServed(HttpServer server, TestCertificate trusted) throws Exception {
    try {
      return get(server, trusted, HttpClient.Version.HTTP_1_1).statusCode() == 200;
    } catch (SSLException e) {
      return false;
    }
  }

  private static void awaitServed(HttpServer server, TestCertificate trusted) throws Exception {
    Soon.until(() -> isServed(server, trusted));
  }

  @Nested
  @DisplayName("A certificate with its key is served")
  class Served {
    @Test
    void elliptic_curve_over_http_1_1_with_hsts() throws Exception {
      var certificate = TestCertificate.ec("ec");
      try (var server = start(certificate.writeTo(folder))) {
        var response = get(server, certificate, HttpClient.Version.HTTP_1_1);

        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(response.body()).isEqualTo("hello");
        assertThat(response.headers().firstValue("Strict-Transport-Security"))
            .contains("max-age=31536000");
      }
    }

    @Test
    void rsa_over_http_2() throws Exception {
      var certificate = TestCertificate.rsa("rsa");
      try (var server = start(certificate.writeTo(folder))) {
        var response = get(server, certificate, HttpClient.Version.HTTP_2);

        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(response.body()).isEqualTo("hello");
        assertThat(response.headers().firstValue("Lanyard-Correlation-Id")).isPresent();
      }
    }

    @Test
    void a_body_that_is_too_large_is_413_over_http_2_too() throws Exception {
      var certificate = TestCertificate.ec("ec");
      try (var server = start(certificate.writeTo(folder));
          var client = HttpClient.newBuilder().sslContext(certificate.trust()).build()) {
        var uri = URI.create("https://localhost:" + server.port("tls") + "/");
        var large = HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString("x".repeat(101)));
        var fits = HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString("x".repeat(100)));

        assertThat(client.send(large.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(413);
        assertThat(client.send(fits.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      }
    }

    @Test
    void tls_1_1_is_not_spoken() throws Exception {
      var certificate = TestCertificate.ec("ec");
      try (var server = start(certificate.writeTo(folder));
          var socket =
              (SSLSocket)
                  certificate
                      .trust()
                      .getSocketFactory()
                      .createSocket("localhost", server.port("tls"))) {
        assertThatThrownBy(
                () -> {
                  socket.setEnabledProtocols(new String[] {"TLSv1.1"});
                  socket.startHandshake();
                })
            .isInstanceOf(IOException.class);
      }
    }
  }

  @Nested
  @DisplayName("New files are taken into use without a restart")
  class Reload {
    @Test
    void a_new_pair_replaces_the_old_one_also_when_its_files_come_one_after_the_other()
        throws Exception {
      var old = TestCertificate.ec("old");
      var renewed = TestCertificate.rsa("renewed");
      var files = old.writeTo(folder);
      try (var server = start(files)) {
        assertThat(isServed(server, old)).isTrue();
        renewed.writeCertificate(files.certificate());
        Thread.sleep(2 * CertificateReload.period().toMillis());
        assertThat(isServed(server, old)).as("only half of the pair is new").isTrue();
        renewed.writeKey(files.key());
        awaitServed(server, renewed);
        assertThat(isServed(server, old)).isFalse();
      }
    }

    @Test
    void a_broken_file_keeps_the_old_certificate_until_it_is_mended() throws Exception {
      var old = TestCertificate.ec("old");
      var renewed = TestCertificate.ec("renewed");
      var files = old.writeTo(folder);
      try (var server = start(files)) {
        Files.writeString(files.certificate(), "-----BEGIN CERTIFICATE-----\nrubbish\n");
        Files.delete(files.key());
        Thread.sleep(2 * CertificateReload.period().toMillis());
        assertThat(isServed(server, old)).isTrue();
        renewed.writeTo(folder);
        awaitServed(server, renewed);
      }
    }
  }

  @Nested
  @DisplayName("A certificate whose loading fails for a reason that passes")
  class Passing {
    @Test
    void is_taken_at_the_next_look() throws Exception {
      var files = TestCertificate.ec("old").writeTo(folder);
      var faults =
          new ArrayDeque<Throwable>(
              List.of(new IllegalStateException("too many open files"), new OutOfMemoryError()));
      var taken = new AtomicInteger();
      var tls =
          new SslContextFactory.Server() {
            @Override
            public void reload(Consumer<SslContextFactory> change) throws Exception {
              switch (faults.poll()) {
                case Exception e -> throw e;
                case Error e -> throw e;
                case null, default -> {
                  super.reload(change);
                  taken.incrementAndGet();
                }
              }
            }
          };
      var reload = new CertificateReload(files, tls);
      TestCertificate.ec("renewed").writeTo(folder);

      reload.run();
      reload.run();
      assertThat(taken).hasValue(0);
      reload.run();
      assertThat(taken).hasValue(1);
      reload.run();
      assertThat(taken).as("what is in use is not loaded again").hasValue(1);
    }
  }

  @Nested
  @DisplayName("Files that cannot be used stop the start and are named")
  class Unusable {
    @Test
    void a_key_of_another_certificate() throws Exception {
      var files = TestCertificate.ec("one").writeTo(folder);
      TestCertificate.ec("other").writeKey(files.key());

      assertThatThrownBy(() -> start(files))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("server.key is not the private key of the first certificate");
    }

    @Test
    void a_key_in_another_form_is_told_how_to_convert() throws Exception {
      var files = TestCertificate.ec("one").writeTo(folder);
      var pem = Files.readString(files.key()).replace("PRIVATE KEY", "EC PRIVATE KEY");
      Files.writeString(files.key(), pem);

      assertThatThrownBy(() -> start(files)).hasMessageContaining("openssl pkcs8 -topk8");
    }

    @Test
    void a_missing_file() throws Exception {
      var files = TestCertificate.ec("one").writeTo(folder);
      Files.delete(files.certificate());

      assertThatThrownBy(() -> start(files)).hasMessageContaining("server.pem");
    }
  }
}
