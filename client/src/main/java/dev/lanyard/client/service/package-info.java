/// Access without a person: a service in its own name, by client credentials or by the identity
/// that its platform gives the workload (workload identity federation).
///
/// ```java
/// var self = new Identity.Credentials(ClientRegistration.withSecret("nightly", secret));
/// var access = new ServiceClient(Map.of(ras, self), egress, clock, random);
/// ```
@NullMarked
package dev.lanyard.client.service;

import org.jspecify.annotations.NullMarked;
