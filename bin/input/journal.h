/* SPDX-License-Identifier: Apache-2.0
 *
 * journal.h - the systemd journal as lines of text.
 *
 * SHAPE      "<PRI>2026-11-23T20:15:42.123456Z host identifier[pid]: message", in the journal's
 *            order.  PRI is facility * 8 + priority; further lines of a message begin with a tab.
 *            Blanks and control characters in host, identifier and pid become '_'.
 * ERRORS     Without libsystemd at build time (journal_absent.c) every call refuses in a sentence.
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

/* -- on as it grows, in the journal export format ---------------------------------------------- */

typedef struct JournalReader JournalReader;

/* Behind the entry with this cursor; "": from since_ns of the query on.  NULL: refused, the
 * sentence is in the notes.  Of the query only folder and since_ns count. */
JournalReader *journal_reader_open(const JournalQuery *query, const char *cursor, Notes *notes);
void           journal_reader_close(JournalReader *reader); /* NULL is a no-op. */

/* Appends the next entry to *bytes, an array that grows.  1: an entry; 0: no more by now; negative:
 * a fault, an errno.  Damaged entries are passed over and counted. */
int journal_reader_next(JournalReader *reader, char **bytes, size_t *size, size_t *capacity);
char    *journal_reader_cursor(JournalReader *reader); /* Of that entry; NULL: none.  Free it. */
uint64_t journal_reader_damaged(const JournalReader *reader);

/* For poll: readable when there may be more; then, and at least each second, journal_reader_wake
 * is called before the next entry. */
int journal_reader_descriptor(JournalReader *reader);
int journal_reader_wake(JournalReader *reader); /* Negative: a fault. */

#endif
