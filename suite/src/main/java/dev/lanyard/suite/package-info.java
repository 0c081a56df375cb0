/// Checks of other people's servers: whether an identity provider issues ID-JAGs, and a resource
/// authorization server redeems them, as the specifications say. Every check sends a real request
/// over HTTP and looks at the answer; nothing is known of the server but what it shows.
///
/// ```java
/// var report = Redeemer.suite().run("https://ras.example", new RedeemerBench(settings, clock));
/// System.out.println(TextReport.of(report));
/// ```
@NullMarked
package dev.lanyard.suite;

import org.jspecify.annotations.NullMarked;
