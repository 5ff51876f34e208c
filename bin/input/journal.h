/* SPDX-License-Identifier: Apache-2.0
 *
 * journal.h - the systemd journal as lines of text.
 *
 * SHAPE      "<PRI>2026-11-23T20:15:42.123456Z host identifier[pid]: message", in the journal's
 *            order.  PRI is facility * 8 + priority; further lines of a message begin with a tab.
 *            Blanks and control characters in host, identifier and pid become '_'.
 * ERRORS     Without libsystemd at build time (journal_absent.c) every call refuses with a sentence.
 * THREADS    libsystemd wants a journal to be read by the thread that opened it.
 */
#ifndef INPUT_JOURNAL_H
#define INPUT_JOURNAL_H
#include "input/tap.h"

#define JOURNAL_FIELD_BYTES_MAX (1 << 20) /* Longer fields are cut, and counted. */

typedef struct {
    const char *unit;   /* Only what this unit wrote; NULL or "": all.              */
    const char *file;   /* Read this journal file; NULL: see folder.                */
    const char *folder; /* Read the journal files in it; NULL: this machine's.      */
    int64_t     since_ns, until_ns; /* Only entries in [since, until); 0: no limit. */
} JournalQuery;

/* NULL: refused, the sentence is in the notes of the setting. */
Tap *journal_tap(const JournalQuery *query, const TapSetting *setting);

#endif
