/* SPDX-License-Identifier: Apache-2.0
 *
 * sql.c - the command `sql`: asks history in SQL, of a running server or of its directory. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/help.h"
#include "cli/house.h"
#include "cli/interrupt.h"
#include "cli/sql_remote.h"
#include "cli/sql_show.h"
#include "lake/lake_child.h"

/* Nobody runs on it: the files of the lake are all that is asked. */
static SqlAnswer *ask_files(const House *house, const char *sql, const atomic_bool *stop)
{
    LakeJob job = lake_job(house->lake);
    job.library = house->settings.duckdb;
    job.memory_bytes = house->settings.sql_memory_bytes;
    job.row_count_max = house->settings.sql_rows;
    SqlAnswer *answer = NULL;
    char *problem = NULL;
    odd_rc rc = lake_child_query(&job, sql, house->settings.sql_seconds, stop, &answer, &problem);
    if (rc != ODD_OK)
        complain("%s", problem != NULL ? problem : odd_strerror(rc));
    free(problem);
    return answer;
}

static int ask(const House *house, const Options *options, const char *sql)
{
    const atomic_bool *stop = interrupt_watch();
    SqlAnswer *answer =
        house->server[0] != '\0' ? sql_remote(house, sql, stop) : ask_files(house, sql, stop);
    if (answer == NULL)
        return atomic_load(stop) ? STATUS_INTERRUPTED : STATUS_ERROR;
    Out out = {.descriptor = STDOUT_FILENO};
    sql_show(&out, answer, options->format);
    int status = help_done(&out);
    if (sql_answer_cut(answer))
        complain("there are more rows than %zu: LIMIT and WHERE choose, --sql-rows allows more",
                 sql_answer_rows(answer));
    if (*sql_answer_note(answer) != '\0')
        complain("%s", sql_answer_note(answer));
    sql_answer_free(answer);
    return status;
}

/* A statement of any size from standard input. */
static char *sql_read(void)
{
    Buffer sql = {0};
    char part[4096];
    ssize_t size;
    while ((size = read(STDIN_FILENO, part, sizeof part)) > 0)
        buffer_add(&sql, part, (size_t)size);
    char *text = strdup(buffer_text(&sql));
    buffer_free(&sql);
    return text;
}

static int run(const Options *options, int count, const char *const *arguments)
{
    if (count != 1) {
        complain(
            "sql takes one statement: oddball sql \"SELECT source, count(*) FROM logs GROUP BY "
            "source\" (or - for standard input)");
        return STATUS_ERROR;
    }
    if (options->format == FORMAT_HTML) {
        complain("answers come as text, json or csv: --format csv");
        return STATUS_ERROR;
    }
    House house;
    if (!house_open(options, &house))
        return STATUS_ERROR;
    char *given = strcmp(arguments[0], "-") == 0 ? sql_read() : NULL;
    int status = ask(&house, options, given != NULL ? given : arguments[0]);
    free(given);
    house_close(&house);
    return status;
}

static const char *const option_names[] = {"format", "server", NULL};

const Command command_sql = {
    .name = "sql",
    .summary = "Ask history in SQL: lines, samples, patterns, findings",
    .example = "oddball sql \"SELECT source, count(*) AS lines FROM logs GROUP BY source\"\n"
               "oddball sql \"SELECT time, text FROM logs WHERE level = 'error' LIMIT 20\"\n"
               "oddball sql --format csv \"FROM samples WHERE series LIKE 'cpu%'\"",
    .usage = "STATEMENT",
    .details = "Views: logs (time, known, source, seq, level, pattern, text, attributes), samples "
               "(time, source, series, value), rates (time, source, pattern, lines), patterns, "
               "findings, incidents and sources; times "
               "are in UTC. One statement that reads, in DuckDB's SQL. A server that runs on the "
               "directory is asked, and knows the newest rows too; without one, what it has "
               "written to the lake.",
    .options = option_names,
    .settings = true,
    .formats = "text, json or csv (text)",
    .run = run,
};
