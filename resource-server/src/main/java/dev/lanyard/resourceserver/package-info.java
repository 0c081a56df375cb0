/// Guards a protected resource, such as an MCP server: judges the token of every request, answers
/// refusals with challenges that a client can act on, and knows within one call when a token was
/// revoked.
///
/// ```java
/// var ras = new Issuer("https://ras.example");
/// var resource = new ResourceIndicator("https://mcp.example/mcp");
/// var metadata = new ProtectedResourceMetadata(resource, ras, Scopes.of("issues.read"));
/// var keys = new IssuerDiscovery(egress, ras, Refresh.DEFAULT, clock).keys();
/// var issuers = TrustedIssuers.of(new TrustedIssuer(ras, keys, Set.of(SigningAlgorithm.ES256)));
/// var status = new Introspection(introspectionEndpoint, credentials, Introspection.http(List.of()));
/// var guard = new Guard(metadata, issuers, status, new MemoryDpopReplay(clock), clock);
///
/// var verdict = guard.judge(request, Requirement.scopes("issues.read"));
/// ```
///
/// Instead of asking at every call, a [dev.lanyard.resourceserver.status.RevocationStream] is told
/// as it happens: the same guard, with a stream in the place of `status`. All ways of knowing are
/// in the package [dev.lanyard.resourceserver.status].
///
/// In a servlet container, [dev.lanyard.resourceserver.servlet.ResourceServerFilter] does the rest.
@NullMarked
package dev.lanyard.resourceserver;

import org.jspecify.annotations.NullMarked;
