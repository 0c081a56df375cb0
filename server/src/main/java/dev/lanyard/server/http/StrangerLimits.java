package dev.lanyard.server.http;

/// How much somebody may get wrong who has proved nothing.
///
/// @param failures how many failures a minute one address may have at one route
/// @param failuresOfKnown the same for an address from which somebody has proved themselves in the
///   last ten minutes, and at the endpoints of clients for every address: a provider, or an office
///   in which not everybody gets it right
/// @param records how many failures a minute get an audit record each; the others share one. One
///   network gets half of them at most, and a tenth also when others have taken half
/// @param proxies who may say from where a request comes
public record StrangerLimits(
    int failures, int failuresOfKnown, int records, TrustedProxies proxies) {
  /// A person who types does not reach it, and neither does a provider that is set up wrong.
  public static final StrangerLimits DEFAULT =
      new StrangerLimits(60, 1200, 600, TrustedProxies.NONE);

  public StrangerLimits {
    if (failures < 1 || failuresOfKnown < failures || records < 1) {
      throw new IllegalArgumentException(
          "'failures_per_minute' and 'records_per_minute' must be at least 1, and"
              + " 'known_failures_per_minute' no smaller than 'failures_per_minute'");
    }
  }
}
