package dev.lanyard.server.policy;

import dev.lanyard.server.library.Connector;
import java.util.List;

/// What somebody may ever be given through a client as the library stands, whatever their sign-in
/// and the conditions say at this moment. Whoever has none need not go any further.
///
/// @param connectors those that a decision might give, in the order of their ids
/// @param outlook what was nearest to giving one; [Outlook#GIVEN] if there is any
/// @param policyVersion names the library
public record Prospects(List<Connector> connectors, Outlook outlook, String policyVersion) {
  public Prospects {
    connectors = List.copyOf(connectors);
  }

  /// How a person stands at a connector, conditions aside; the nearer to having it, the later.
  public enum Outlook {
    /// No role and no exception of theirs gives it.
    NO_ROLE("no-role"),
    /// Only exceptions gave it, and they are over.
    ENDED("exception-ended"),
    /// What gives it does not work through this client.
    OTHER_CLIENTS("client-not-allowed"),
    /// Separations of duty take away all that is given.
    SEPARATED("separation-of-duty"),
    /// A decision may give it.
    GIVEN("given");

    private final String code;

    Outlook(String code) {
      this.code = code;
    }

    /// As the reason of a refusal is named in records; see [DenyReason#code()].
    public String code() {
      return code;
    }

    /// The one that is nearer to having it.
    Outlook or(Outlook other) {
      return compareTo(other) >= 0 ? this : other;
    }
  }
}
