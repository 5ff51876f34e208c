/* SPDX-License-Identifier: Apache-2.0
 *
 * doctor.c - the command `doctor`: is the server well; or, where none runs, would one be? */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "cli/json.h"
#include "cli/remote.h"
#include "cli/terminal.h"
#include "cli/visible.h"
#include "cli/words.h"
#include "http/address.h"
#include "lake/lake_child.h"
#include "serve/checkup.h"

#define LOOK_S 1.5
#define DUCKDB_S 20.0
#define SPACE_BYTES_MIN 1e9
#define DESCRIPTORS_MIN 1024
#define LAG_S_MAX 60

typedef enum { GOOD = 0, NOTE, BAD } Health;

typedef struct {
    Out            out;
    Json           json;
    bool           is_json, color;
    const House   *house;
    const Options *options;
} Doctor;

static const char *const health_words[] = {"good", "note", "bad"};

/* cure: NULL: there is none, or it goes without saying. */
static void report(Doctor *doctor, Health health, const char *topic, const char *sentence,
                   const char *cure)
{
    static const char *const colors[] = {"32", "33", "31"};
    Buffer                  *text = &doctor->out.text;
    if (doctor->is_json) {
        json_open(&doctor->json, '{');
        json_name(&doctor->json, "health");
        json_text(&doctor->json, health_words[health], strlen(health_words[health]));
        json_name(&doctor->json, "topic");
        json_text(&doctor->json, topic, strlen(topic));
        json_name(&doctor->json, "sentence");
        json_text(&doctor->json, sentence, strlen(sentence));
        json_name(&doctor->json, "cure");
        if (cure)
            json_text(&doctor->json, cure, strlen(cure));
        else
            json_null(&doctor->json);
        json_close(&doctor->json, '}');
        return;
    }
    buffer_format(text, doctor->color ? "\x1b[%sm" : "%.0s", colors[health]);
    buffer_format(text, "%-4s", health_words[health]);
    buffer_puts(text, doctor->color ? "\x1b[0m  " : "  ");
    visible_add(text, topic, strlen(topic));
    buffer_puts(text, ": ");
    visible_add(text, sentence, strlen(sentence));
    if (cure) {
        buffer_puts(text, "\n      this would help: ");
        visible_add(text, cure, strlen(cure));
    }
    buffer_puts(text, "\n");
    out_flush(&doctor->out);
}

static void report_buffer(Doctor *doctor, Health health, const char *topic, Buffer *sentence,
                          const char *cure)
{
    report(doctor, health, topic, buffer_text(sentence), cure);
    buffer_free(sentence);
}

/* -- a server that runs ---------------------------------------------------------------------- */

static const char *text_of(const JsonTree *object, const char *name)
{
    const char *text = NULL;
    json_tree_text(json_tree_member(object, name), &text, NULL);
    return text;
}

static void status_check(Doctor *doctor, const JsonTree *status)
{
    bool        ready = false;
    double      lag_s = 0;
    Buffer      words = {0};
    const char *reason = text_of(status, "reason"), *trouble = text_of(status, "trouble");
    const char *version = text_of(status, "version");
    json_tree_bool(json_tree_member(status, "ready"), &ready);
    json_tree_real(json_tree_member(status, "lag_s"), &lag_s);
    buffer_format(&words, "%s runs at %s and %s%s", version ? version : "oddball",
                  doctor->house->server, ready ? "takes data" : "takes no data: ",
                  ready    ? ""
                  : reason ? reason
                           : "it does not say why");
    report_buffer(doctor, ready ? GOOD : BAD, "server", &words, NULL);
    buffer_puts(&words, "what is stored is learnt ");
    words_seconds(&words, lag_s);
    buffer_puts(&words, " later");
    report_buffer(doctor, lag_s > LAG_S_MAX ? NOTE : GOOD, "learning", &words, NULL);
    if (trouble)
        report(doctor, BAD, "disk", trouble, NULL);
    const JsonTree *damages = json_tree_member(status, "damages");
    for (size_t i = 0; i < json_tree_count(damages); i++) {
        const char *sentence = text_of(json_tree_item(damages, i), "sentence");
        const char *file = text_of(json_tree_item(damages, i), "file");
        if (sentence)
            report(doctor, BAD, file ? file : "journal", sentence, NULL);
    }
    const JsonTree *notes = json_tree_member(status, "notes");
    for (size_t i = 0; i < json_tree_count(notes); i++) {
        const char *sentence = text_of(json_tree_item(notes, i), "sentence");
        const char *topic = text_of(json_tree_item(notes, i), "topic");
        if (sentence)
            report(doctor, NOTE, topic ? topic : "note", sentence, NULL);
    }
}

/* How many secrets, and what they were. */
static void masks_check(Doctor *doctor, const JsonTree *masked)
{
    Buffer kinds = {0}, words = {0};
    int64_t all = 0;
    for (int kind = 0; kind < ODD_MASK_KIND_COUNT; kind++) {
        const char *name = odd_mask_kind_name((odd_mask_kind)kind);
        int64_t     count = 0;
        json_tree_integer(json_tree_member(masked, name), &count);
        if (count > 0)
            buffer_format(&kinds, "%s%s %lld", all > 0 ? ", " : "", name, (long long)count);
        all += count;
    }
    words_counted(&words, (uint64_t)all, "secret was", "secrets were");
    buffer_format(&words, all > 0 ? " masked since the start: %s" : " masked since the start",
                  buffer_text(&kinds));
    report_buffer(doctor, GOOD, "masks", &words, NULL);
    buffer_free(&kinds);
}

static void webhook_check(Doctor *doctor, const JsonTree *webhook)
{
    Buffer      words = {0};
    double      sent = 0, waiting = 0, dropped = 0;
    const char *trouble = text_of(webhook, "trouble");
    if (json_tree_kind(webhook) != JSON_TREE_OBJECT)
        return;
    json_tree_real(json_tree_member(webhook, "sent"), &sent);
    json_tree_real(json_tree_member(webhook, "waiting"), &waiting);
    json_tree_real(json_tree_member(webhook, "dropped"), &dropped);
    words_counted(&words, (uint64_t)sent, "finding was", "findings were");
    buffer_format(&words, " sent, %.0f wait, %.0f dropped%s%s", waiting, dropped,
                  trouble ? "; " : "", trouble ? trouble : "");
    report_buffer(doctor, trouble ? BAD : dropped > 0 ? NOTE : GOOD, "webhook", &words, NULL);
}

/* Those that are well are only counted. */
static void sources_check(Doctor *doctor, const JsonTree *sources)
{
    const JsonTree *items = json_tree_member(sources, "items");
    size_t          well = 0;
    Buffer          words = {0};
    for (size_t i = 0; i < json_tree_count(items); i++) {
        const JsonTree *item = json_tree_item(items, i), *watch = json_tree_member(item, "watch");
        const char     *name = text_of(item, "source"), *state = text_of(watch, "state");
        const char     *cause = text_of(watch, "cause");
        double          dropped = 0;
        json_tree_real(json_tree_member(watch, "dropped"), &dropped);
        bool is_well = !state || strcmp(state, "good") == 0;
        well += is_well;
        if (!is_well)
            report(doctor, BAD, name ? name : "a source", cause ? cause : state,
                   text_of(watch, "cure"));
        if (dropped > 0) {
            /* Of files bytes are counted: lines have ends that are not seen any more. */
            const char *kind = text_of(watch, "kind");
            bool        is_file = kind && strcmp(kind, "files") == 0;
            words_counted(&words, (uint64_t)dropped,
                          is_file ? "byte of a line that is too long, or of a hole, was left out"
                                  : "event was lost",
                          is_file ? "bytes of lines that are too long, or of holes, were left out"
                                  : "events were lost");
            report_buffer(doctor, NOTE, name ? name : "a source", &words, NULL);
        }
    }
    words_counted(&words, well, "source is", "sources are");
    buffer_puts(&words, " read without trouble");
    report_buffer(doctor, GOOD, "sources", &words, NULL);
}

/* false: nobody answers. */
static bool server_check(Doctor *doctor, Remote *remote)
{
    JsonTree *status = remote_get(remote, "/api/v1/status");
    if (!status) {
        report(doctor, NOTE, "server", remote->problem,
               doctor->options->server ? NULL : "oddball serve");
        return false;
    }
    status_check(doctor, status);
    masks_check(doctor, json_tree_member(status, "masked"));
    webhook_check(doctor, json_tree_member(status, "webhook"));
    json_tree_free(status);
    JsonTree *sources = remote_get(remote, "/api/v1/sources");
    if (sources)
        sources_check(doctor, sources);
    else
        report(doctor, BAD, "sources", remote->problem, NULL);
    json_tree_free(sources);
    return true;
}

/* -- this machine ---------------------------------------------------------------------------- */

/* The folder, or the nearest one above it that is there. */
static void nearest_folder(const char *path, char *to, size_t size)
{
    snprintf(to, size, "%s", path);
    while (access(to, F_OK) != 0 && strchr(to + 1, '/'))
        *strrchr(to, '/') = '\0';
    if (access(to, F_OK) != 0)
        snprintf(to, size, "%s", path[0] == '/' ? "/" : ".");
}

static void data_check(Doctor *doctor)
{
    const char    *data = doctor->house->settings.data;
    char           folder[HOUSE_PATH_SIZE], cure[HOUSE_PATH_SIZE + 64];
    struct statvfs space;
    Buffer         words = {0};
    nearest_folder(data, folder, sizeof folder);
    if (access(folder, W_OK | X_OK) != 0) {
        snprintf(cure, sizeof cure, "sudo install -d -o \"$(id -un)\" %s", data);
        buffer_format(&words, "%s cannot be written: %s", data, strerror(errno));
        report_buffer(doctor, BAD, "data", &words, cure);
        return;
    }
    if (statvfs(folder, &space) != 0) {
        buffer_format(&words, "%s does not say how much space it has: %s", folder, strerror(errno));
        report_buffer(doctor, NOTE, "data", &words, NULL);
        return;
    }
    double free_bytes = (double)space.f_bavail * (double)space.f_frsize;
    buffer_format(&words, "%s can be written, %.1f GB are free", data, free_bytes / 1e9);
    report_buffer(doctor, free_bytes < SPACE_BYTES_MIN ? BAD : GOOD, "data", &words,
                  free_bytes < SPACE_BYTES_MIN ? "give it more space, or --data DIR" : NULL);
}

static void duckdb_check(Doctor *doctor)
{
    const House *house = doctor->house;
    LakeJob      job = lake_job(house->lake);
    SqlAnswer   *answer = NULL;
    char        *problem = NULL;
    Buffer       words = {0};
    if (house->settings.duckdb[0])
        job.library = house->settings.duckdb;
    odd_rc rc = lake_child_query(&job, "SELECT version()", DUCKDB_S, NULL, &answer, &problem);
    if (rc == ODD_OK && sql_answer_rows(answer) == 1) {
        buffer_format(&words, "DuckDB %s answers", sql_answer_cell(answer, 0, 0).text);
        report_buffer(doctor, GOOD, "lake", &words, NULL);
    } else {
        report(doctor, BAD, "lake", problem ? problem : odd_strerror(rc),
               "make deps && make install, or --duckdb FILE");
    }
    sql_answer_free(answer);
    free(problem);
}

static void address_check(Doctor *doctor, const char *key, const char *text)
{
    Address address;
    char    problem[256], topic[64];
    if (strcmp(text, "off") == 0)
        return;
    snprintf(topic, sizeof topic, "%s", key);
    int socket = -1;
    if (address_read(text, &address, problem, sizeof problem))
        socket = address_listen(&address, text, problem, sizeof problem);
    if (socket < 0) {
        report(doctor, BAD, topic, problem, NULL);
        return;
    }
    close(socket);
    Buffer words = {0};
    buffer_format(&words, "%s is free", text);
    report_buffer(doctor, GOOD, topic, &words, NULL);
}

static void limits_check(Doctor *doctor)
{
    struct rlimit limit;
    Buffer        words = {0};
    double        machine = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    double        wanted = (double)doctor->house->settings.memory_bytes;
    buffer_format(&words, "%.0f of the %.0f MB of this machine are allowed", wanted / 1e6,
                  machine / 1e6);
    report_buffer(doctor, wanted > machine / 2 ? NOTE : GOOD, "memory", &words,
                  wanted > machine / 2 ? "--memory 256M" : NULL);
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    buffer_format(&words, "%llu files may be open at once", (unsigned long long)limit.rlim_max);
    report_buffer(doctor, limit.rlim_max < DESCRIPTORS_MIN ? BAD : GOOD, "limits", &words,
                  limit.rlim_max < DESCRIPTORS_MIN ? "ulimit -n 65536" : NULL);
}

typedef struct {
    Doctor *doctor;
    size_t  well;
} Looking;

static void watch_tell(void *context, const char *kind, const Watch *watch)
{
    Looking *looking = context;
    looking->well += watch->state == WATCH_GOOD;
    if (watch->state != WATCH_GOOD)
        report(looking->doctor, BAD, watch->name,
               watch->cause ? watch->cause : "it cannot be watched", watch->cure);
    else if (strcmp(kind, "files") != 0) /* Of files there are many. */
        report(looking->doctor, GOOD, watch->name, "would be watched", NULL);
}

static void machine_check(Doctor *doctor)
{
    const Settings *settings = &doctor->house->settings;
    Looking         looking = {.doctor = doctor};
    char            problem[SETTINGS_PROBLEM_SIZE];
    for (size_t i = 0; i < settings->read.count; i++)
        report(doctor, GOOD, "settings", settings->read.items[i], NULL);
    for (size_t i = 0; i < settings->notes.count; i++)
        report(doctor, NOTE, "settings", settings->notes.items[i], NULL);
    data_check(doctor);
    duckdb_check(doctor);
    limits_check(doctor);
    address_check(doctor, "listen", settings->listen);
    address_check(doctor, "otlp.http", settings->otlp_http);
    address_check(doctor, "otlp.grpc", settings->otlp_grpc);
    if (!checkup_sources(settings, LOOK_S, watch_tell, &looking, problem)) {
        report(doctor, BAD, "sources", problem, NULL);
        return;
    }
    Buffer words = {0};
    words_counted(&words, looking.well, "place", "places");
    buffer_puts(&words, " of this machine would be watched");
    report_buffer(doctor, GOOD, "sources", &words, NULL);
}

static int examine(Doctor *doctor, Remote *remote)
{
    if (doctor->is_json) {
        json_open(&doctor->json, '{');
        json_name(&doctor->json, "checks");
        json_open(&doctor->json, '[');
    }
    Buffer words = {0};
    buffer_format(&words, "this is oddball %s", odd_version());
    report_buffer(doctor, GOOD, "version", &words, NULL);
    if (!server_check(doctor, remote) && !doctor->options->server)
        machine_check(doctor);
    if (doctor->is_json) {
        json_close(&doctor->json, ']');
        json_close(&doctor->json, '}');
    }
    return help_done(&doctor->out);
}

static int run(const Options *options, int count, const char *const *arguments)
{
    House  house;
    Remote remote;
    if (count > 0) {
        complain("doctor takes no '%s'; the server is named with --server URL", arguments[0]);
        return STATUS_ERROR;
    }
    if (options->format == FORMAT_CSV || options->format == FORMAT_HTML) {
        complain("doctor prints text or json");
        return STATUS_ERROR;
    }
    if (!house_open_server(options, &house))
        return STATUS_ERROR;
    Doctor doctor = {.out = {.descriptor = STDOUT_FILENO},
                     .is_json = options->format == FORMAT_JSON,
                     .color = terminal_color(STDOUT_FILENO, options->color),
                     .house = &house,
                     .options = options};
    doctor.json = (Json){.out = &doctor.out.text};
    int status = STATUS_ERROR;
    if (remote_open(&house, interrupt_watch(), &remote))
        status = examine(&doctor, &remote);
    else
        complain("%s", remote.problem);
    remote_close(&remote);
    house_close(&house);
    return status;
}

static const char *const option_names[] = {"server", "format", NULL};

const Command command_doctor = {
    .name = "doctor",
    .summary = "Say what is not well: with the server, or with this machine",
    .example = "oddball doctor\n"
               "oddball doctor --format json\n"
               "sudo -u oddball oddball doctor",
    .usage = "",
    .details = "Asks the running server how it is and what it may not read. Where none runs, looks "
               "at this machine as a server would: what would be watched, what may not be read and "
               "the command that would allow it, the data folder, DuckDB, ports and limits.",
    .options = option_names,
    .settings = true,
    .formats = "text or json (text)",
    .run = run,
};
