/* SPDX-License-Identifier: Apache-2.0 */
#include "input/skips.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "input/refusal.h"

typedef struct {
    const char *one, *many; /* Behind the number. */
    const char *cure;
} SkipWords;

static const SkipWords words[SKIP_COUNT] = {
    [SKIP_DENIED] = {"file or folder was not read", "files or folders were not read", NULL},
    [SKIP_BINARY] = {"file holds no text", "files hold no text", "name it to read it all the same"},
    [SKIP_PACKED] = {"file is packed in a way that is not read here",
                     "files are packed in ways that are not read here",
                     "unpack it first (xz -d, bzip2 -d, unzip, tar -x)"},
    [SKIP_JOURNAL] = {"file of the systemd journal was left out",
                      "files of the systemd journal were left out",
                      "add journal: to the names to read this machine's journal, or name the file"},
    [SKIP_SPECIAL] = {"device, pipe or socket was left out",
                      "devices, pipes or sockets were left out", "name it to read from it"},
    [SKIP_HIDDEN] = {"hidden file or folder was left out", "hidden files or folders were left out",
                     "name it to read it"},
    [SKIP_LINK] = {"symbolic link leads nowhere", "symbolic links lead nowhere", "remove it"},
    [SKIP_TWICE] = {"name leads to a file or folder that is read under another name",
                    "names lead to files or folders that are read under other names",
                    "each is read once"},
    [SKIP_DEEP] = {"folder lies too deep", "folders lie too deep", "name it to read what is in it"},
    [SKIP_PSEUDO] = {"folder is no place on a disk", "folders are no places on a disk",
                     "name single files in it"},
    [SKIP_MANY] = {"file was left out: there are more than 100,000",
                   "files were left out: there are more than 100,000", "name a smaller folder"},
};

void skips_add(Skips *skips, Skip why, const char *path)
{
    if (skips->count[why]++ == 0)
        skips->first[why] = strdup(path);
}

void skips_tell(Skips *skips, Notes *notes)
{
    for (int why = 0; why < SKIP_COUNT; why++) {
        uint64_t    count = skips->count[why];
        const char *first = skips->first[why] != NULL ? skips->first[why] : "?";
        const char *cure = words[why].cure;
        char        refusal[REFUSAL_SIZE];
        if (count == 0)
            continue;
        if (why == SKIP_DENIED)
            cure = refusal_text(first, EACCES, refusal);
        notes_add(notes, "%" PRIu64 " %s (%s%s): %s", count,
                  count == 1 ? words[why].one : words[why].many, first,
                  count == 1 ? "" : " and others", cure);
    }
    for (int why = 0; why < SKIP_COUNT; why++)
        free(skips->first[why]);
    *skips = (Skips){0};
}
