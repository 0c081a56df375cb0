package dev.lanyard.server.http;

import dev.lanyard.protocol.hash.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at the PEM files of one listener from time to time and takes a new certificate into use. A
/// pair of files that does not fit (also while only one of them has been replaced) changes nothing.
final class CertificateReload implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final Tls files;
  private final SslContextFactory.Server tls;
  private byte[] seen;
  private String complaint = "";
  private volatile Instant end;

  CertificateReload(Tls files, SslContextFactory.Server tls) throws IOException {
    this.files = files;
    this.tls = tls;
    this.seen = digest();
    tls.setKeyStorePassword("");
    var certificate = Certificate.read(files);
    this.end = certificate.end();
    tls.setKeyStore(certificate.toKeyStore());
  }

  /// When the one in use ends.
  Instant end() {
    return end;
  }

  static Duration period() {
    return PERIOD;
  }

  @Override
  public void run() {
    try {
      var now = digest();
      if (!Arrays.equals(now, seen)) {
        var certificate = Certificate.read(files);
        tls.reload(_ -> tls.setKeyStore(certificate.toKeyStore()));
        end = certificate.end();
        // Last: what fails for a reason that passes (no file descriptor, no memory) is tried again.
        seen = now;
        LOG.info("{} is in use now, valid until {}", files.certificate(), end);
      }
      complaint = "";
    } catch (Exception e) {
      complain(String.valueOf(e.getMessage()));
    } catch (Error e) {
      // Whatever left here would end every later look without a word.
      complain(e.toString());
    }
  }

  /// Once for each fault, not at every look.
  private void complain(String fault) {
    if (!fault.equals(complaint)) {
      complaint = fault;
      LOG.error("the certificate in use stays: {}", fault);
    }
  }

  private byte[] digest() throws IOException {
    var digest = Sha256.digest();
    digest.update(Files.readAllBytes(files.certificate()));
    return digest.digest(Files.readAllBytes(files.key()));
  }
}
