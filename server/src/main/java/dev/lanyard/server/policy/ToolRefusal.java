package dev.lanyard.server.policy;

import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.DataClass;

/// Why a tool was refused: the code for the audit record, the sentence for the administrator.
public sealed interface ToolRefusal {
  /// A stable name for audit and reports.
  String code();

  /// What an administrator reads.
  String detail();

  /// The library has no such connector.
  record UnknownConnector(String connector) implements ToolRefusal {
    @Override
    public String code() {
      return "unknown-connector";
    }

    @Override
    public String detail() {
      return "the library has no connector '" + connector + "'";
    }
  }

  /// The library does not name the tool, so nobody has judged it: new tools are quarantined.
  record UnknownTool(String tool) implements ToolRefusal {
    @Override
    public String code() {
      return "unknown-tool";
    }

    @Override
    public String detail() {
      return "the library does not name the tool '" + tool + "'";
    }
  }

  /// The library names the tool, and nobody has graded it yet.
  record Ungraded(String tool) implements ToolRefusal {
    @Override
    public String code() {
      return "ungraded-tool";
    }

    @Override
    public String detail() {
      return "the tool '" + tool + "' has no grade";
    }
  }

  /// The connector itself is not given.
  record ConnectorNotGiven(DenyReason why) implements ToolRefusal {
    @Override
    public String code() {
      return why.code();
    }

    @Override
    public String detail() {
      return why.detail();
    }
  }

  /// No role that gives the connector is cleared for the tool's grade.
  record AboveClearance(DataClass grade, DataClass clearance) implements ToolRefusal {
    @Override
    public String code() {
      return "above-clearance";
    }

    @Override
    public String detail() {
      return "the tool is graded " + grade + ", the person is cleared for " + clearance + " here";
    }
  }

  /// Separations of duty withhold a scope that the tool needs.
  record ScopeWithheld(Scopes needed) implements ToolRefusal {
    @Override
    public String code() {
      return "separation-of-duty";
    }

    @Override
    public String detail() {
      return "a separation of duties withholds some of what the tool needs: " + needed;
    }
  }

  /// No role that is cleared for the tool's grade gives the scopes that the tool needs.
  record ScopeMissing(Scopes needed) implements ToolRefusal {
    @Override
    public String code() {
      return "scope-missing";
    }

    @Override
    public String detail() {
      return "no role that is cleared for the tool gives all of its scopes: " + needed;
    }
  }
}
