/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include "store/lake.h"

#define NAME_SHOWN_BYTES 200

/* Rows without a time go by the moment when they came. */
static void add_limit(Draft *sql, const char *compare, odd_time time)
{
    if (time != ODD_TIME_NONE)
        draft_format(sql, " AND coalesce(time, known) %s make_timestamp_ns(%" PRId64 ")", compare,
                     time);
}

typedef struct {
    int (*write)(void *context, const char *line, size_t size);
    void    *context;
    uint64_t lines, lost;
} Cat;

static odd_rc cat_rows(odd_lake *lake, DuckAnswer *answer, Cat *cat)
{
    odd_rc rc;
    while ((rc = duck_answer_next(answer)) == ODD_ROW) {
        DuckCell line = duck_answer_cell(answer, 0);
        cat->lines++;
        if (line.kind != DUCK_BLOB)
            cat->lost++;
        else if (!cat->write(cat->context, line.text.text, line.text.size))
            return ODD_OK;
    }
    return rc == ODD_DONE ? ODD_OK
                          : problem_say(&lake->problem, rc, "%s", duck_problem(lake->duck));
}

/* The first cell of the first row, or "". */
static odd_rc first_text(odd_lake *lake, Draft *sql, char text[NAME_SHOWN_BYTES])
{
    DuckAnswer *answer;
    odd_rc rc = lake_select(lake, sql, "looking for the source", &answer);
    text[0] = '\0';
    if (rc != ODD_OK)
        return rc;
    rc = duck_answer_next(answer);
    DuckCell cell = rc == ODD_ROW ? duck_answer_cell(answer, 0) : (DuckCell){.kind = DUCK_MISSING};
    if (cell.kind == DUCK_TEXT)
        snprintf(text, NAME_SHOWN_BYTES, "%.*s", (int)cell.text.size, cell.text.text);
    duck_answer_close(answer);
    return rc == ODD_ROW || rc == ODD_DONE ? ODD_OK : lake_duck_failed(lake, rc, "looking");
}

/* Whether there is such a source at all; if not, the one that is written most like it is named. */
static odd_rc nothing_found(odd_lake *lake, const char *source)
{
    char found[NAME_SHOWN_BYTES], like[NAME_SHOWN_BYTES];
    Draft sql = {.mem = &lake->mem};
    draft_format(&sql, "SELECT source FROM stored_logs WHERE source = ");
    draft_quote(&sql, '\'', str_of(source));
    draft_format(&sql, " LIMIT 1");
    odd_rc rc = first_text(lake, &sql, found);
    if (rc != ODD_OK || found[0] != '\0')
        return rc;
    draft_format(&sql, "SELECT source FROM (SELECT source, levenshtein(source, ");
    draft_quote(&sql, '\'', str_of(source));
    draft_format(&sql,
                 ") AS distance FROM stored_sources WHERE rows + records > 0) "
                 "WHERE distance <= 1 + %zu ORDER BY distance, source LIMIT 1",
                 strlen(source) / 4);
    rc = first_text(lake, &sql, like);
    if (rc != ODD_OK)
        return rc;
    return problem_say(&lake->problem, ODD_NOTFOUND,
                       "no line of the source \"%.*s\" is in the lake; %s%s%s`oddball sql \"SELECT "
                       "source FROM sources\"` lists those that there are",
                       NAME_SHOWN_BYTES, source, like[0] != '\0' ? "perhaps it is called " : "",
                       like, like[0] != '\0' ? ": " : "");
}

odd_rc odd_lake_cat(odd_lake *lake, const char *source, odd_time since, odd_time until,
                    int (*write)(void *context, const char *line, size_t size), void *context)
{
    odd_rc rc = lake_ready(lake);
    if (rc != ODD_OK)
        return rc;
    Draft sql = {.mem = &lake->mem};
    draft_format(&sql,
                 "SELECT odd_line(raw, head, template, vars) FROM stored_logs WHERE source = ");
    draft_quote(&sql, '\'', str_of(source));
    add_limit(&sql, ">=", since);
    add_limit(&sql, "<", until);
    draft_format(&sql, " ORDER BY seq");
    DuckAnswer *answer;
    rc = lake_select(lake, &sql, "reading the lines", &answer);
    if (rc != ODD_OK)
        return rc;
    Cat cat = {.write = write, .context = context};
    rc = cat_rows(lake, answer, &cat);
    duck_answer_close(answer);
    if (rc == ODD_OK)
        lake_note(lake);
    if (rc == ODD_OK && cat.lost > 0)
        return problem_say(
            &lake->problem, ODD_CORRUPT,
            "%" PRIu64 " lines could not be put together: their templates are missing", cat.lost);
    return rc == ODD_OK && cat.lines == 0 ? nothing_found(lake, source) : rc;
}
