/** What the tests of several modules stand on: servers of others, faults, the files of the checkout. */
package org.charla.testing;
