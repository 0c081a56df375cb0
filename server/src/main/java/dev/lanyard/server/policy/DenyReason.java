package dev.lanyard.server.policy;

import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.util.List;

/// Why access was refused: the code for the audit record, the sentence for the administrator, and
/// the OAuth error that is all the client may see (AUD-3).
public sealed interface DenyReason {
  /// A stable name for audit and reports.
  String code();

  /// What an administrator reads.
  String detail();

  /// What the client is told.
  default ErrorCode error() {
    return ErrorCode.INVALID_TARGET;
  }

  /// No connector of the library is governed by this authorization server (IDP-4).
  record UnknownAudience(Issuer audience) implements DenyReason {
    @Override
    public String code() {
      return "unknown-audience";
    }

    @Override
    public String detail() {
      return "no connector of the library has the authorization server " + audience;
    }
  }

  /// The client named no resource, and the authorization server governs several (D-2).
  record ResourceRequired(Issuer audience, List<String> candidates) implements DenyReason {
    @Override
    public String code() {
      return "resource-required";
    }

    @Override
    public String detail() {
      return "no resource was named and " + audience + " governs several: " + candidates;
    }
  }

  /// The resource is not governed by the audience: unknown, or of another one (IDP-4, IDP-7).
  record NotGoverned(Issuer audience, ResourceIndicator resource) implements DenyReason {
    @Override
    public String code() {
      return "resource-not-governed";
    }

    @Override
    public String detail() {
      return "resource " + resource + " is not governed by " + audience;
    }
  }

  /// No role of the person gives any of the connectors.
  record NoRole(List<String> connectors) implements DenyReason {
    @Override
    public String code() {
      return "no-role";
    }

    @Override
    public String detail() {
      return "no role of the person gives " + connectors;
    }
  }

  /// Roles of the person give a connector, and none of them through this client.
  record ClientNotAllowed(List<String> connectors) implements DenyReason {
    @Override
    public String code() {
      return "client-not-allowed";
    }

    @Override
    public String detail() {
      return "the roles that give " + connectors + " are restricted to other clients";
    }
  }

  /// None of the scopes that were asked for is allowed (IDP-8).
  record NoScopeLeft(Scopes asked, Scopes allowed) implements DenyReason {
    @Override
    public String code() {
      return "no-scope-left";
    }

    @Override
    public String detail() {
      return "asked for [" + asked + "], allowed are [" + allowed + "]";
    }

    @Override
    public ErrorCode error() {
      return ErrorCode.INVALID_SCOPE;
    }
  }

  /// Authorization details are of a type that no connector that was asked for has, or say what
  /// their type does not allow (IDP-9), or name a location outside of what was asked for (IDP-10).
  ///
  /// @param fault for the administrator
  record BadDetails(String fault) implements DenyReason {
    @Override
    public String code() {
      return "bad-authorization-details";
    }

    @Override
    public String detail() {
      return fault;
    }

    @Override
    public ErrorCode error() {
      return ErrorCode.INVALID_AUTHORIZATION_DETAILS;
    }
  }

  /// No role of the person gives anything of the authorization details that were asked for.
  record NoDetailsLeft(List<String> types) implements DenyReason {
    @Override
    public String code() {
      return "no-authorization-details-left";
    }

    @Override
    public String detail() {
      return "no role of the person gives anything of the authorization details " + types;
    }

    @Override
    public ErrorCode error() {
      return ErrorCode.INVALID_AUTHORIZATION_DETAILS;
    }
  }

  /// Roles of the person give a connector under conditions that are not met.
  record ConditionNotMet(List<String> connectors, List<String> conditions) implements DenyReason {
    @Override
    public String code() {
      return "condition-not-met";
    }

    @Override
    public String detail() {
      return "the roles that give "
          + connectors
          + " have conditions that are not met: "
          + conditions;
    }
  }

  /// Only an exception gave a connector, and it is over.
  record ExceptionEnded(List<String> connectors, List<String> exceptions) implements DenyReason {
    @Override
    public String code() {
      return "exception-ended";
    }

    @Override
    public String detail() {
      return "only exceptions that have ended gave " + connectors + ": " + exceptions;
    }
  }

  /// The person's roles together give what nobody may have together.
  record Separated(List<String> connectors, List<String> separations) implements DenyReason {
    @Override
    public String code() {
      return "separation-of-duty";
    }

    @Override
    public String detail() {
      return "the roles of the person together give what a separation of duty forbids at "
          + connectors
          + ": "
          + separations;
    }
  }
}
