/**
 * Kafka and MongoDB as a participant sees them: sending events and learning what becomes of them, reading channels live
 * and their history, and the lists of channels and users. It knows no terminal, no command line, and no one user.
 */
package org.charla.access;
