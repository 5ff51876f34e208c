/* SPDX-License-Identifier: Apache-2.0 */
#include "input/journal.h"

#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-journal.h>
#include <time.h>
#include <unistd.h>

#include "input/refusal.h"

#define US_PER_S 1000000
#define NS_PER_US 1000
#define PREFIX_BYTES_MAX 512
#define FIELD_SHOWN_MAX 128 /* Of host, identifier and pid. */

typedef struct {
    Tap               tap;
    const TapSetting *setting;
    sd_journal       *journal;
    uint64_t          until_us; /* UINT64_MAX: no limit. */
    char             *text;     /* The entry as lines.   */
    size_t            from, to, capacity;
    uint64_t          cut_fields, torn_entries;
} Journal;

/* The value of a field of the current entry; size 0 if it has none. */
static const char *field_of(Journal *j, const char *name, size_t *ret_size)
{
    const void *data;
    size_t      size, name_size = strlen(name) + 1;
    *ret_size = 0;
    if (sd_journal_get_data(j->journal, name, &data, &size) < 0 || size < name_size)
        return "";
    if (size >= JOURNAL_FIELD_BYTES_MAX)
        j->cut_fields++;
    *ret_size = size - name_size;
    return (const char *)data + name_size;
}

static unsigned number_of(Journal *j, const char *name, unsigned max, unsigned otherwise)
{
    size_t      size;
    const char *text = field_of(j, name, &size);
    unsigned    number = 0;
    if (size == 0 || size > 3)
        return otherwise;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return otherwise;
        number = number * 10 + (unsigned)(text[i] - '0');
    }
    return number <= max ? number : otherwise;
}

/* A word for the line's header: it must not end the header early or look like another line. */
static size_t word_put(Journal *j, const char *first, const char *second, char *to)
{
    size_t      size;
    const char *text = field_of(j, first, &size);
    if (size == 0)
        text = field_of(j, second, &size);
    if (size > FIELD_SHOWN_MAX)
        size = FIELD_SHOWN_MAX;
    for (size_t i = 0; i < size; i++)
        to[i] = (unsigned char)text[i] <= ' ' || text[i] == 0x7f ? '_' : text[i];
    to[size] = '\0';
    return size;
}

static size_t prefix_put(Journal *j, uint64_t time_us, char *to)
{
    char host[FIELD_SHOWN_MAX + 1], identifier[FIELD_SHOWN_MAX + 1], pid[FIELD_SHOWN_MAX + 1];
    if (word_put(j, "_HOSTNAME", "_MACHINE_ID", host) == 0)
        strcpy(host, "-");
    if (word_put(j, "SYSLOG_IDENTIFIER", "_COMM", identifier) == 0)
        strcpy(identifier, "unknown");
    size_t    pid_size = word_put(j, "SYSLOG_PID", "_PID", pid);
    unsigned  priority = number_of(j, "PRIORITY", 7, 6);
    unsigned  facility = number_of(j, "SYSLOG_FACILITY", 23, 1);
    time_t    seconds = (time_t)(time_us / US_PER_S);
    struct tm civil = {0};
    char      second[32];
    gmtime_r(&seconds, &civil);
    strftime(second, sizeof second, "%Y-%m-%dT%H:%M:%S", &civil);
    return (size_t)snprintf(to, PREFIX_BYTES_MAX,
                            "<%u>%s.%06uZ %s %s%s%s%s: ", facility * 8 + priority, second,
                            (unsigned)(time_us % US_PER_S), host, identifier,
                            pid_size > 0 ? "[" : "", pid, pid_size > 0 ? "]" : "");
}

/* The current entry as text; false without memory. */
static bool entry_write(Journal *j, uint64_t time_us)
{
    char        prefix[PREFIX_BYTES_MAX];
    size_t      prefix_size = prefix_put(j, time_us, prefix);
    size_t      size;
    const char *message = field_of(j, "MESSAGE", &size);
    while (size > 0 && message[size - 1] == '\n')
        size--;
    size_t needed = prefix_size + size * 2 + 1;
    if (needed > j->capacity) {
        char *grown = realloc(j->text, needed);
        if (grown == NULL)
            return false;
        j->text = grown;
        j->capacity = needed;
    }
    memcpy(j->text, prefix, prefix_size);
    size_t to = prefix_size;
    for (size_t i = 0; i < size; i++) {
        j->text[to++] = message[i];
        if (message[i] == '\n')
            j->text[to++] = '\t';
    }
    j->text[to++] = '\n';
    j->from = 0;
    j->to = to;
    return true;
}

static void journal_note_counts(Journal *j)
{
    const TapSetting *setting = j->setting;
    if (j->cut_fields > 0)
        notes_add(setting->notes, "%s: %" PRIu64 " fields longer than 1 MiB were cut",
                  setting->name, j->cut_fields);
    if (j->torn_entries > 0)
        notes_add(setting->notes,
                  "%s: %" PRIu64 " damaged entries were left out; journalctl --verify names "
                  "the file",
                  setting->name, j->torn_entries);
}

static void journal_note_end(Journal *j, int error)
{
    char refusal[REFUSAL_SIZE];
    if (error < 0)
        tap_break(j->setting);
    if (error == -EBADMSG)
        notes_add(
            j->setting->notes,
            "%s is damaged: what came before is kept, the rest is missing; journalctl --verify "
            "names the file",
            j->setting->name);
    else if (error < 0)
        notes_add(j->setting->notes, "cannot read on in %s: %s; what came before is kept",
                  j->setting->name, refusal_text("/var/log/journal", -error, refusal));
}

/* The next entry as text; false at the end. */
static bool journal_step(Journal *j)
{
    while (!tap_stopped(j->setting)) {
        uint64_t time_us;
        int      rc = sd_journal_next(j->journal);
        if (rc <= 0) {
            journal_note_end(j, rc);
            return false;
        }
        if (sd_journal_get_realtime_usec(j->journal, &time_us) < 0) {
            j->torn_entries++;
            continue;
        }
        if (time_us >= j->until_us)
            return false;
        if (entry_write(j, time_us))
            return true;
        journal_note_end(j, -ENOMEM);
        return false;
    }
    return false;
}

static size_t journal_read(Tap *tap, char *to, size_t size)
{
    Journal *j = (Journal *)tap;
    size_t   made = 0;
    while (made < size) {
        if (j->from == j->to && !journal_step(j)) {
            if (made == 0)
                journal_note_counts(j);
            break;
        }
        size_t part = j->to - j->from < size - made ? j->to - j->from : size - made;
        memcpy(to + made, j->text + j->from, part);
        j->from += part;
        made += part;
    }
    return made;
}

static void journal_close(Tap *tap)
{
    Journal *j = (Journal *)tap;
    sd_journal_close(j->journal);
    free(j->text);
    free(j);
}

/* Journals of the machine that are there but closed to us: then entries are missing. */
static void note_closed_journals(const TapSetting *setting)
{
    static const char *const places[] = {"/var/log/journal/*/system.journal",
                                         "/run/log/journal/*/system.journal"};
    glob_t                   found = {0};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        glob(places[i], GLOB_NOSORT | (i > 0 ? GLOB_APPEND : 0), NULL, &found);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        if (access(found.gl_pathv[i], R_OK) == 0)
            continue;
        char refusal[REFUSAL_SIZE];
        tap_break(setting);
        notes_add(setting->notes, "cannot read all of %s: %s: %s", setting->name, found.gl_pathv[i],
                  refusal_text(found.gl_pathv[i], errno, refusal));
        break;
    }
    globfree(&found);
}

static bool journal_is_there(sd_journal *journal, const JournalQuery *query,
                             const TapSetting *setting)
{
    if (query->file != NULL || query->folder != NULL)
        return true;
    note_closed_journals(setting);
    if (sd_journal_has_persistent_files(journal) > 0 || sd_journal_has_runtime_files(journal) > 0)
        return true;
    tap_break(setting);
    notes_add(
        setting->notes,
        "cannot read %s: there is no systemd journal in /var/log/journal or /run/log/journal; "
        "in a container, mount the host's /var/log/journal, else name files or folders",
        setting->name);
    return false;
}

static int journal_open(const JournalQuery *query, sd_journal **ret)
{
    if (query->file != NULL) {
        const char *paths[] = {query->file, NULL};
        return sd_journal_open_files(ret, paths, 0);
    }
    if (query->folder != NULL)
        return sd_journal_open_directory(ret, query->folder, 0);
    return sd_journal_open(ret, SD_JOURNAL_LOCAL_ONLY);
}

static void journal_select(sd_journal *journal, const JournalQuery *query)
{
    char match[PREFIX_BYTES_MAX];
    if (query->unit != NULL && query->unit[0] != '\0') {
        const char *ending = strchr(query->unit, '.') == NULL ? ".service" : "";
        snprintf(match, sizeof match, "_SYSTEMD_UNIT=%s%s", query->unit, ending);
        sd_journal_add_match(journal, match, 0);
    }
    sd_journal_set_data_threshold(journal, JOURNAL_FIELD_BYTES_MAX);
    if (query->since_ns > 0)
        sd_journal_seek_realtime_usec(journal,
                                      (uint64_t)(query->since_ns + NS_PER_US - 1) / NS_PER_US);
    else
        sd_journal_seek_head(journal);
}

Tap *journal_tap(const JournalQuery *query, const TapSetting *setting)
{
    sd_journal *journal = NULL;
    int         rc = journal_open(query, &journal);
    Journal    *j = calloc(1, sizeof *j);
    if (rc < 0 || j == NULL) {
        const char *path = query->file != NULL ? query->file : query->folder;
        char        refusal[REFUSAL_SIZE];
        tap_break(setting);
        notes_add(setting->notes, "cannot read %s: %s", setting->name,
                  rc == -EBADMSG || rc == -ENODATA || rc == -EPROTONOSUPPORT
                      ? "it is no journal file, or a damaged one; journalctl --verify --file tells"
                      : refusal_text(path != NULL ? path : "/var/log/journal",
                                     rc < 0 ? -rc : ENOMEM, refusal));
        goto out;
    }
    if (!journal_is_there(journal, query, setting))
        goto out;
    journal_select(journal, query);
    *j = (Journal){.tap = {.read = journal_read, .close = journal_close},
                   .setting = setting,
                   .journal = journal,
                   .until_us = UINT64_MAX};
    if (query->until_ns > 0)
        j->until_us = (uint64_t)(query->until_ns + NS_PER_US - 1) / NS_PER_US;
    return &j->tap;
out:
    sd_journal_close(journal);
    free(j);
    return NULL;
}

/* -- on as it grows ---------------------------------------------------------------------------- */

struct JournalReader {
    sd_journal *journal;
    bool        held; /* It stands on an entry that was not given yet. */
    uint64_t    damaged;
};

static bool reader_seek(JournalReader *reader, const JournalQuery *query, const char *cursor)
{
    if (cursor[0] == '\0')
        return sd_journal_seek_realtime_usec(reader->journal,
                                             (uint64_t)query->since_ns / NS_PER_US) >= 0;
    if (sd_journal_seek_cursor(reader->journal, cursor) < 0)
        return false;
    /* Where the entry was vacuumed, the one behind it comes, and is still to be given. */
    reader->held = sd_journal_next(reader->journal) > 0 &&
                   sd_journal_test_cursor(reader->journal, cursor) <= 0;
    return true;
}

JournalReader *journal_reader_open(const JournalQuery *query, const char *cursor, Notes *notes)
{
    TapSetting     setting = {.name = "the journal", .notes = notes};
    char           refusal[REFUSAL_SIZE];
    JournalReader *reader = calloc(1, sizeof *reader);
    int            rc = reader == NULL ? -ENOMEM : journal_open(query, &reader->journal);
    if (rc < 0) {
        notes_add(
            notes, "cannot read the journal: %s",
            refusal_text(query->folder != NULL ? query->folder : "/var/log/journal", -rc, refusal));
        free(reader);
        return NULL;
    }
    if (!journal_is_there(reader->journal, query, &setting))
        goto out;
    sd_journal_set_data_threshold(reader->journal, JOURNAL_FIELD_BYTES_MAX);
    if (sd_journal_get_fd(reader->journal) >= 0 && reader_seek(reader, query, cursor))
        return reader;
    notes_add(notes, "cannot read the journal from where it was left; journalctl --verify names "
                     "the file that is damaged");
out:
    journal_reader_close(reader);
    return NULL;
}

void journal_reader_close(JournalReader *reader)
{
    if (reader == NULL)
        return;
    sd_journal_close(reader->journal);
    free(reader);
}

typedef struct { /* An entry being written. */
    char  **bytes;
    size_t *size, *capacity;
    bool    failed;
} Export;

static void export_put(Export *to, const void *bytes, size_t size)
{
    if (*to->size + size > *to->capacity) {
        size_t capacity = (*to->size + size) * 2;
        char  *grown = realloc(*to->bytes, capacity);
        to->failed |= grown == NULL;
        if (grown == NULL)
            return;
        *to->bytes = grown;
        *to->capacity = capacity;
    }
    memcpy(*to->bytes + *to->size, bytes, size);
    *to->size += size;
}

/* "NAME=value" as it is, or its size before it where a line end is in it. */
static void export_field(Export *to, const char *field, size_t size)
{
    const char *equals = memchr(field, '=', size);
    if (equals == NULL)
        return;
    size_t   name = (size_t)(equals - field);
    uint64_t value = size - name - 1;
    if (memchr(field, '\n', size) == NULL) {
        export_put(to, field, size);
    } else {
        unsigned char count[8];
        for (int i = 0; i < 8; i++)
            count[i] = (unsigned char)(value >> (8 * i));
        export_put(to, field, name);
        export_put(to, "\n", 1);
        export_put(to, count, sizeof count);
        export_put(to, equals + 1, value);
    }
    export_put(to, "\n", 1);
}

static bool export_entry(JournalReader *reader, uint64_t time_us, Export *to)
{
    char        stamp[64];
    const void *field;
    size_t      size, begin = *to->size;
    int         length = snprintf(stamp, sizeof stamp, "__REALTIME_TIMESTAMP=%" PRIu64, time_us);
    export_field(to, stamp, (size_t)length);
    sd_journal_restart_data(reader->journal);
    while (sd_journal_enumerate_data(reader->journal, &field, &size) > 0) {
        export_field(to, field, size);
    }
    export_put(to, "\n", 1);
    if (to->failed)
        *to->size = begin;
    return !to->failed;
}

int journal_reader_next(JournalReader *reader, char **bytes, size_t *size, size_t *capacity)
{
    Export   to = {.bytes = bytes, .size = size, .capacity = capacity};
    uint64_t time_us;
    for (;;) {
        int rc = reader->held ? 1 : sd_journal_next(reader->journal);
        reader->held = false;
        if (rc <= 0)
            return rc;
        if (sd_journal_get_realtime_usec(reader->journal, &time_us) >= 0)
            break;
        reader->damaged++;
    }
    if (export_entry(reader, time_us, &to))
        return 1;
    reader->held = true;
    return -ENOMEM;
}

char *journal_reader_cursor(JournalReader *reader)
{
    char *cursor = NULL;
    return sd_journal_get_cursor(reader->journal, &cursor) < 0 ? NULL : cursor;
}

uint64_t journal_reader_damaged(const JournalReader *reader)
{
    return reader->damaged;
}

int journal_reader_descriptor(JournalReader *reader)
{
    return sd_journal_get_fd(reader->journal);
}

int journal_reader_wake(JournalReader *reader)
{
    int rc = sd_journal_process(reader->journal);
    return rc < 0 ? rc : 0;
}
