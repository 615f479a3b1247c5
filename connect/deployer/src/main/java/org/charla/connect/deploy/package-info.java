/**
 * {@code charla connectors}: deploys connectors over the REST API of a Kafka Connect worker, watches them, and says
 * what is true of them. The files are the declaration; there is no other state.
 */
package org.charla.connect.deploy;
