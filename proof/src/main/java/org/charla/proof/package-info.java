/**
 * The ledger: who writes and notes what became of it ({@link org.charla.proof.Writer}), who breaks what stands between
 * ({@link org.charla.proof.Faults}), and who judges what came of it ({@link org.charla.proof.Oracle}). Nothing here
 * knows the code that is judged: what it should do is read from docs/contract.md alone.
 */
package org.charla.proof;
