/// What Enterprise-Managed Authorization costs and whether it fits into quotas: seats, ID-JAGs,
/// reviews and fees, a quarter at a time, against the budget.
@NullMarked
package dev.lanyard.server.governance.contract;

import org.jspecify.annotations.NullMarked;
