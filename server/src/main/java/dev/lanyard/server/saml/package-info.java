/// SAML 2.0 as a service provider speaks it: what an identity provider asserts is read only after
/// it was verified. Nothing outside of this package sees XML.
@NullMarked
package dev.lanyard.server.saml;

import org.jspecify.annotations.NullMarked;
