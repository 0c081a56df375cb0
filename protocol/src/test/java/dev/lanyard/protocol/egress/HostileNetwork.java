package dev.lanyard.protocol.egress;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;

/// What others choose of an exchange: the octets of the answer, and the URL. For tests of all
/// parsers together.
public final class HostileNetwork {
  /// Of an answer.
  public static final int MOST_BYTES = 4_096;

  /// No connection can be made to it, wherever the test runs, and none is tried for long.
  private static final byte[] NOBODY = {(byte) 255, (byte) 255, (byte) 255, (byte) 255};

  private static final EgressPolicy POLICY =
      EgressPolicy.strict()
          .exposingInternalHosts(Set.of("h"))
          .limitedTo(Duration.ofSeconds(5), MOST_BYTES);
  private static final EgressClient CLIENT = new EgressClient(POLICY, HostileNetwork::resolve);

  private HostileNetwork() {}

  private static InetAddress[] resolve(String host) throws UnknownHostException {
    if (host.length() > 255) {
      throw new UnknownHostException(host);
    }
    return new InetAddress[] {InetAddress.getByAddress(NOBODY)};
  }

  /// Reads an answer as it came from the network.
  ///
  /// @throws IOException if it is no HTTP, or too large
  public static EgressResult.Answered read(byte[] octets) throws IOException {
    return new ResponseReader(new ByteArrayInputStream(octets), MOST_BYTES).read();
  }

  /// Sends a request to a URL; whatever host it names, nobody is there.
  public static EgressResult send(URI url) {
    return CLIENT.send(EgressRequest.get(url));
  }
}
