/* SPDX-License-Identifier: Apache-2.0
 *
 * journal_source.h - which journal the journal source follows.
 */
#ifndef SOURCE_JOURNAL_SOURCE_H
#define SOURCE_JOURNAL_SOURCE_H

/* NULL: this machine's; else the folder with its files.  To be set before the source is opened. */
extern const char *journal_source_folder;

#endif
