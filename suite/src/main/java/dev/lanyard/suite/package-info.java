/// Checks of other people's servers: whether an identity provider issues ID-JAGs, and a resource
/// authorization server redeems them, as the specifications say. Every check sends a real request
/// over HTTP and looks at the answer; nothing is known of the server but what it shows.
///
/// ```java
/// var key = Jws.generate(Jws.Algorithm.ES256, "key-1");
/// var bench = new RedeemerBench(settings, key, new Wire(List.of()), clock);
/// var report =
///     Redeemer.suite()
///         .run("https://ras.example", bench, clock, finding -> out.add(TextReport.line(finding)));
/// out.add(TextReport.end(report));
/// ```
@NullMarked
package dev.lanyard.suite;

import org.jspecify.annotations.NullMarked;
