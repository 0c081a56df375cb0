package dev.lanyard.server.console.desk;

import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.delivery.Backlog;
import dev.lanyard.server.keys.KeyRotation;
import dev.lanyard.server.keys.Resealing;
import dev.lanyard.server.publication.History;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.receipts.Receipts;
import dev.lanyard.server.requests.ExceptionRequests;
import dev.lanyard.server.revocation.Exposure;
import dev.lanyard.server.tools.ToolRegister;
import dev.lanyard.server.transparency.TransparencyLog;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What administrators and reviewers can read.
///
/// @param organisations the customers that have enrolled, and those of the configuration by name
/// @param exposure the access that lives at this moment
/// @param backlog how many messages wait to leave
/// @param drafting the tools for editing the role library
/// @param requests what people ask for
/// @param providers the identity providers that are connected
/// @param clients the clients of the broker that can be changed here
/// @param log the transparency log over the audit record
/// @param resealing encrypts everything again; empty unless a former master key is known
/// @param backstage what keeps all of this in order
public record Ledgers(
    Alarms alarms,
    History history,
    ToolRegister tools,
    KeyRotation keys,
    Receipts receipts,
    TransparencyLog log,
    Supplier<List<EnrolledOrganisation>> organisations,
    Supplier<List<Exposure.Access>> exposure,
    Supplier<Backlog> backlog,
    Drafting drafting,
    ExceptionRequests requests,
    ProviderDesk providers,
    ClientDesk clients,
    Optional<Resealing> resealing,
    Backstage backstage) {}
