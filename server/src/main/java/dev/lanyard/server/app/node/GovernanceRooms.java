package dev.lanyard.server.app.node;

import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.console.Console;
import dev.lanyard.server.console.governance.ContractPages;
import dev.lanyard.server.console.governance.CoveragePages;
import dev.lanyard.server.console.governance.ForecastPages;
import dev.lanyard.server.console.governance.Maps;
import dev.lanyard.server.console.governance.Prepared;
import dev.lanyard.server.console.governance.ProbesNow;
import dev.lanyard.server.console.governance.ReviewPages;
import dev.lanyard.server.console.governance.RoutingPages;
import dev.lanyard.server.console.governance.ValuePages;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.governance.DayOne;
import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.governance.contract.Planner;
import dev.lanyard.server.governance.probe.EvidenceLog;
import dev.lanyard.server.library.Library;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.List;
import java.util.function.Supplier;

/// The pages of the governance plane in the console.
///
/// @param planning of this node, for what it plans
/// @param library the one in force
record GovernanceRooms(
    GovernanceNode governance,
    Planning planning,
    Database database,
    Supplier<Library> library,
    Upkeep upkeep,
    InstantSource clock) {
  List<Console.Room> all() {
    var maps = new Maps(governance.map(), clock);
    upkeep.everyMinute("the coverage map of the console", maps::keepReady);
    var coverage =
        new CoveragePages.Parts(
            maps,
            new EvidenceLog(database),
            new Alarms(database),
            library,
            governance.known(),
            new ProbesNow(governance.probes(), governance.known()));
    var forecasts =
        new ForecastPages.Parts(
            maps, planning.forecasts(), map -> planning.expectations(() -> map), clock);
    var audit = new AuditLog(database);
    var reports = new Prepared<>(planning::value, clock);
    var dayOne =
        new Prepared<YearMonth, List<DayOne.Line>>(from -> DayOne.count(audit, from), clock);
    var planner = new Prepared<Quarter, Planner>(_ -> planning.planner(), clock);
    return List.of(
        gate -> new CoveragePages(gate, coverage).routes(),
        gate -> new ForecastPages(gate, forecasts, planning.forecastDesk()).routes(),
        gate -> new ValuePages(gate, reports, dayOne).routes(),
        gate -> new RoutingPages(gate, governance.router()).routes(),
        gate -> new ContractPages(gate, planner, planning.terms()).routes(),
        gate -> new ReviewPages(gate, planning.desk()).routes());
  }
}
