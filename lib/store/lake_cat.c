/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "store/lake.h"

/* Rows without a time go by the moment when they came. */
static void add_limit(Draft *sql, const char *compare, odd_time time)
{
    if (time != ODD_TIME_NONE)
        draft_format(sql, " AND coalesce(time, known) %s make_timestamp_ns(%" PRId64 ")", compare,
                     time);
}

static odd_rc cat_rows(odd_lake *lake, DuckAnswer *answer,
                       int (*write)(void *context, const char *line, size_t size), void *context,
                       uint64_t *ret_lost)
{
    odd_rc rc;
    while ((rc = duck_answer_next(answer)) == ODD_ROW) {
        DuckCell line = duck_answer_cell(answer, 0);
        if (line.kind != DUCK_BLOB)
            ++*ret_lost;
        else if (!write(context, line.text.text, line.text.size))
            return ODD_OK;
    }
    return rc == ODD_DONE ? ODD_OK
                          : problem_say(&lake->problem, rc, "%s", duck_problem(lake->duck));
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
    uint64_t lost = 0;
    rc = cat_rows(lake, answer, write, context, &lost);
    duck_answer_close(answer);
    if (rc == ODD_OK)
        lake_note(lake);
    if (rc == ODD_OK && lost > 0)
        return problem_say(
            &lake->problem, ODD_CORRUPT,
            "%" PRIu64 " lines could not be put together: their templates are missing", lost);
    return rc;
}
