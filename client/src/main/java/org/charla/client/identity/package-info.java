/** The person's keys: their files, and how they travel between machines. */
package org.charla.client.identity;
