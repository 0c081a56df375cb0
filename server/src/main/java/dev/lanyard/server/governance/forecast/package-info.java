/// Which connectors will have Enterprise-Managed Authorization, and when: what people say of it,
/// what follows from that for the coverage, and how well they were right.
@NullMarked
package dev.lanyard.server.governance.forecast;

import org.jspecify.annotations.NullMarked;
