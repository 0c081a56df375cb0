package dev.lanyard.server.console;

/// Where administrators and employees act, at a page or through a program: one of each on a node,
/// because some take one after the other.
public record Desks(
    Deeds deeds,
    AlarmDesk alarms,
    StopDesk stops,
    ProviderLooks providers,
    RequestDesk requests,
    DraftDesk drafts,
    StepDesk steps) {
  public static Desks of(Console.Parts parts, Ledgers ledgers) {
    var drafting = ledgers.drafting();
    return new Desks(
        new Deeds(parts),
        new AlarmDesk(ledgers.alarms(), parts.platform()),
        new StopDesk(parts.revocation()),
        new ProviderLooks(ledgers.providers(), parts.platform()),
        new RequestDesk(parts, drafting, ledgers.requests()),
        new DraftDesk(parts, drafting),
        new StepDesk(drafting, parts.platform()));
  }
}
