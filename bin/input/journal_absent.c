/* SPDX-License-Identifier: Apache-2.0
 *
 * Stands in for journal.c where libsystemd was not there at build time.
 */
#include "input/journal.h"

#include <errno.h>

Tap *journal_tap(const JournalQuery *query, const TapSetting *setting)
{
    (void)query; /* Whatever is asked for, the answer is the same. */
    tap_break(setting);
    notes_add(
        setting->notes,
        "cannot read %s: this oddball was built without libsystemd; install libsystemd-dev and "
        "build again, or pipe it in (journalctl -o short-iso | oddball scan -)",
        setting->name);
    return NULL;
}

JournalReader *journal_reader_open(const JournalQuery *query, const char *cursor, Notes *notes)
{
    (void)query, (void)cursor; /* Likewise. */
    notes_add(notes, "this oddball was built without libsystemd; install libsystemd-dev and build "
                     "again");
    return NULL;
}

void journal_reader_close(JournalReader *reader)
{
    (void)reader; /* There is none. */
}

int journal_reader_next(JournalReader *reader, char **bytes, size_t *size, size_t *capacity)
{
    (void)reader, (void)bytes, (void)size, (void)capacity; /* There is none. */
    return -ENOSYS;
}

char *journal_reader_cursor(JournalReader *reader)
{
    (void)reader; /* There is none. */
    return NULL;
}

uint64_t journal_reader_damaged(const JournalReader *reader)
{
    (void)reader; /* There is none. */
    return 0;
}

int journal_reader_descriptor(JournalReader *reader)
{
    (void)reader; /* There is none. */
    return -ENOSYS;
}

int journal_reader_wake(JournalReader *reader)
{
    (void)reader; /* There is none. */
    return -ENOSYS;
}
