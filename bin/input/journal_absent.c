/* SPDX-License-Identifier: Apache-2.0
 *
 * Stands in for journal.c where libsystemd was not there at build time.
 */
#include "input/journal.h"

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
