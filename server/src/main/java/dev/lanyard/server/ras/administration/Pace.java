package dev.lanyard.server.ras.administration;

import dev.lanyard.server.http.Rate;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Strangers;
import dev.lanyard.server.ras.organisations.SignInWay;
import java.net.InetAddress;
import java.time.InstantSource;

/// How often the administrators of an organisation may ask, so that none of them makes a hammer of
/// this server: against others, whom it looks at in their name, or against itself. Each node counts
/// for itself. Thread-safe.
final class Pace {
  private static final int PAGES = 60;
  private static final int COSTLY = 12;

  /// A sign-in takes two.
  private static final int RETURNS = 30;

  private final Rate<String> pages;
  private final Rate<String> costly;
  private final Rate<Try> returns;
  private final Strangers strangers;

  /// @param strangers how many records somebody may cause who has proved nothing
  Pace(Strangers strangers, InstantSource clock) {
    this.strangers = strangers;
    this.pages = new Rate<>(PAGES, clock);
    this.costly = new Rate<>(COSTLY, clock);
    this.returns = new Rate<>(RETURNS, clock);
  }

  /// Whether one more page or form is not too many in this minute.
  boolean admits(String organisation) {
    return pages.admits(organisation);
  }

  /// The same of what makes this server look outside, or read for long.
  ///
  /// @param weight how many of a dozen a minute it counts as
  boolean admitsCostly(String organisation, int weight) {
    return costly.admits(organisation, weight);
  }

  /// Whether somebody who has proved nothing may cause a record of this.
  boolean mayRecord(Request request, String event) {
    return strangers.mayRecord(request, event);
  }

  /// Anybody may try to come back, and no stranger shall keep out who may.
  private record Try(String way, InetAddress network) {}

  /// Whether one more try to come back by a way is not too many from there. What can be no way is
  /// one: it is chosen by whoever tries, as long as a URL may be, and would be kept.
  boolean admitsReturn(String way, InetAddress source) {
    var counted = SignInWay.isId(way) ? way : "";
    return returns.admits(new Try(counted, Strangers.network(source)));
  }
}
