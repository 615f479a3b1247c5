/**
 * Signatures of raw records: keys, the header, the bytes that are signed, and who verifies them. Pure code: what a
 * signature means (whose id it is, and when it counts) is judged where users are known.
 */
package org.charla.protocol.signature;
