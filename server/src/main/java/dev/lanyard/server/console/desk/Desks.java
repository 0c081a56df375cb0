package dev.lanyard.server.console.desk;

import dev.lanyard.server.database.ExpiringTable;
import java.util.List;

/// Every desk of a node. There is one of each, because some of them serve one request at a time.
///
/// @param motions everything that waits for a second administrator
/// @param added adds people
/// @param clients enters and changes clients
/// @param clientDeeds what one administrator does about a client
/// @param resumptions lets go on what was stopped
/// @param order messages to other systems, reconciliation, vendor accounts
/// @param tools the judgement on the tools of connectors
/// @param scim the tokens with which identity providers keep people and groups here
/// @param streams the streams of security events to others
/// @param consents what people have agreed to themselves
public record Desks(
    Deeds deeds,
    AlarmDesk alarms,
    StopDesk stops,
    ProviderLooks providers,
    RequestDesk requests,
    DraftDesk drafts,
    StepDesk steps,
    MotionDesk motions,
    GroupDesk groups,
    PersonDesk added,
    PasswordDesk passwords,
    ErasureDesk erasures,
    ClientBook clients,
    ClientDeeds clientDeeds,
    KeyDesk keys,
    ResumptionDesk resumptions,
    HoldDesk holds,
    OrderDesk order,
    ToolDesk tools,
    ScimDesk scim,
    ConsentDesk consents,
    StreamDesk streams) {
  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return Motions.expiring();
  }

  public static Desks of(Parts parts, Ledgers ledgers) {
    var drafting = ledgers.drafting();
    var groups = new GroupDesk(parts);
    var added = new PersonDesk(parts);
    var passwords = new PasswordDesk(parts);
    var erasures = new ErasureDesk(parts, ledgers.log());
    var clients = new ClientBook(parts, ledgers.clients().entered());
    var resumptions = new ResumptionDesk(parts);
    var backstage = ledgers.backstage();
    var holds = new HoldDesk(parts, backstage.holds(), backstage.parties());
    var scim = new ScimDesk(parts, backstage.scim());
    var streams = new StreamDesk(parts, backstage.streams());
    return new Desks(
        new Deeds(parts),
        new AlarmDesk(ledgers.alarms(), parts.platform()),
        new StopDesk(parts.revocation()),
        new ProviderLooks(ledgers.providers(), parts.platform()),
        new RequestDesk(parts, drafting, ledgers.requests()),
        new DraftDesk(parts, drafting),
        new StepDesk(drafting, parts.platform()),
        new MotionDesk(
            parts,
            List.of(
                groups, added, passwords, erasures, clients, resumptions, holds, scim, streams)),
        groups,
        added,
        passwords,
        erasures,
        clients,
        new ClientDeeds(parts, ledgers.clients()),
        new KeyDesk(ledgers.keys(), ledgers.resealing(), parts.platform()),
        resumptions,
        holds,
        new OrderDesk(parts, backstage),
        new ToolDesk(parts.library(), ledgers.tools()),
        scim,
        new ConsentDesk(parts, backstage.agreements()),
        streams);
  }
}
