/// Enterprise-Managed Authorization: an access token for an MCP server without asking the person,
/// as long as the person is signed in at the identity provider.
///
/// One call does everything: it discovers the resource and its authorization server, exchanges the
/// person's token for an ID-JAG, redeems it, keeps the access token and renews it in time.
///
/// ```java
/// var config =
///     new EmaConfig(idp, ClientRegistration.withSecret("claude-code", idpSecret))
///         .registeredAt(ras, ClientRegistration.withSecret("claude-code-ras", rasSecret));
/// var ema = new EmaClient(config, SubjectTokens.of("ada", session), egress, clock, random);
///
/// switch (ema.accessTo(URI.create("https://mcp.example/mcp"))) {
///   case Access.Granted(var token) -> call(token.authorization());
///   case Access.Denied(var by, var denial) -> show(by + " says no: " + denial.error());
///   case Access.SignInNeeded needed -> show("please sign in");
///   case Access.Stopped(var why) -> show("not safe: " + why);
///   case Access.Unavailable(var why) -> show("try later: " + why);
/// }
/// ```
@NullMarked
package dev.lanyard.client.ema;

import org.jspecify.annotations.NullMarked;
