package dev.lanyard.server.console.desk;

import java.util.List;

/// Where administrators and employees act, at a page or through a program: one of each on a node,
/// because some take one after the other.
///
/// @param motions what waits for a second administrator, of all that is done by two
/// @param added people who are added
/// @param clients clients that are entered and changed
/// @param clientDeeds what is done about a client
/// @param resumptions what was stopped and goes on
/// @param order messages to outside, the comparison of what lives, accounts at vendors
/// @param tools what servers say of their tools
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
    ToolDesk tools) {
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
    return new Desks(
        new Deeds(parts),
        new AlarmDesk(ledgers.alarms(), parts.platform()),
        new StopDesk(parts.revocation()),
        new ProviderLooks(ledgers.providers(), parts.platform()),
        new RequestDesk(parts, drafting, ledgers.requests()),
        new DraftDesk(parts, drafting),
        new StepDesk(drafting, parts.platform()),
        new MotionDesk(
            parts, List.of(groups, added, passwords, erasures, clients, resumptions, holds)),
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
        new ToolDesk(parts.library(), ledgers.tools()));
  }
}
