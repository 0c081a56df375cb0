package dev.lanyard.benchmarks.compare;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.jose.CryptoProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.concurrent.Executors;

/// The physical limit: the JDK's own HTTP server that, for each request, proves one ES256 signature
/// and makes one, with the provider that Lanyard uses. No token server can cost less.
///
/// Its one argument is the port.
final class FloorServer {
  private static final String ALGORITHM = "SHA256withECDSA";
  private static final int MESSAGE_BYTES = 600;

  private final Provider provider;
  private final KeyPair keys;
  private final byte[] message = new byte[MESSAGE_BYTES];
  private final byte[] signature;
  private final byte[] answer =
      ("{\"access_token\":\"" + "x".repeat(MESSAGE_BYTES) + "\",\"token_type\":\"Bearer\"}")
          .getBytes(StandardCharsets.US_ASCII);

  private FloorServer(Provider provider) throws GeneralSecurityException {
    this.provider = provider;
    // A key that another provider made would be converted at each signature.
    var generator = KeyPairGenerator.getInstance("EC", provider);
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    this.keys = generator.generateKeyPair();
    this.signature = sign();
  }

  public static void main(String[] arguments) throws GeneralSecurityException, IOException {
    var floor = new FloorServer(CryptoProvider.active().provider());
    System.setProperty("sun.net.httpserver.nodelay", "true");
    var address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
    var server = HttpServer.create(address, 100);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.createContext("/", floor::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      verify();
      sign();
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private void verify() throws GeneralSecurityException {
    var verifier = Signature.getInstance(ALGORITHM, provider);
    verifier.initVerify(keys.getPublic());
    verifier.update(message);
    if (!verifier.verify(signature)) {
      throw new GeneralSecurityException("our own signature does not verify");
    }
  }

  private byte[] sign() throws GeneralSecurityException {
    var signer = Signature.getInstance(ALGORITHM, provider);
    signer.initSign(keys.getPrivate());
    signer.update(message);
    return signer.sign();
  }
}
