/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "store/disk.h"
#include "store/lake.h"

/* From here on only files of the lake can be read, and no setting can be changed. */
static odd_rc lake_lock(odd_lake *lake)
{
    if (lake->is_locked)
        return ODD_OK;
    Draft sql = {.mem = &lake->mem};
    draft_format(&sql, "SET allowed_directories = [");
    draft_quote(&sql, '\'', str_of(lake->path));
    draft_format(&sql, "]; SET enable_external_access = false; SET lock_configuration = true");
    odd_rc rc = lake_run(lake, &sql, "locking the lake");
    draft_close(&sql);
    lake->is_locked = rc == ODD_OK;
    return rc;
}

/* -- EXPLAIN -- */

static const char *skip_space(const char *sql)
{
    for (;;) {
        sql += strspn(sql, " \t\r\n\f\v");
        if (strncmp(sql, "--", 2) == 0) {
            sql += strcspn(sql, "\n");
        } else if (strncmp(sql, "/*", 2) == 0) {
            const char *end = strstr(sql + 2, "*/");
            sql = end != NULL ? end + 2 : sql + strlen(sql);
        } else {
            return sql;
        }
    }
}

/* Behind a word in capitals, however it is written; NULL: another one stands there. */
static const char *skip_word(const char *sql, const char *word)
{
    for (; *word != '\0'; word++, sql++)
        if (*sql != *word && *sql != *word - 'A' + 'a')
            return NULL;
    bool goes_on = (*sql >= 'a' && *sql <= 'z') || (*sql >= 'A' && *sql <= 'Z') || *sql == '_' ||
                   (*sql >= '0' && *sql <= '9');
    return goes_on ? NULL : skip_space(sql);
}

/* EXPLAIN ANALYZE runs what it explains, so that must be harmless itself.  NULL: no EXPLAIN. */
static const char *behind_explain(const char *sql)
{
    sql = skip_word(skip_space(sql), "EXPLAIN");
    if (sql == NULL)
        return NULL;
    if (*sql == '(') {
        const char *end = strchr(sql, ')');
        return end != NULL ? end + 1 : sql;
    }
    const char *analyzed = skip_word(sql, "ANALYZE");
    return analyzed != NULL ? analyzed : sql;
}

/* One line of what DuckDB says: without the statement, which it repeats behind an empty line. */
static odd_rc question_failed(odd_lake *lake, odd_rc rc)
{
    char story[PROBLEM_SIZE];
    snprintf(story, sizeof story, "%s", duck_problem(lake->duck));
    if (strncmp(story, "Out of Memory", 13) == 0)
        return problem_say(&lake->problem, ODD_NOMEM,
                         "it needs more memory than a question may have: ask for "
                         "less at once, or raise the limit");
    char *repeated = strstr(story, "\n\nLINE ");
    if (repeated != NULL)
        *repeated = '\0';
    for (char *c = story; *c != '\0'; c++)
        if (*c == '\n')
            *c = ' ';
    return problem_say(&lake->problem, rc, "%s", story);
}

odd_rc lake_ask(odd_lake *lake, const char *sql, DuckAnswer **ret_answer)
{
    odd_rc rc = lake_ready(lake);
    if (rc != ODD_OK || (rc = lake_lock(lake)) != ODD_OK)
        return rc;
    const char *explained = behind_explain(sql);
    if (explained != NULL)
        rc = duck_check(lake->duck, explained, DUCK_SELECT);
    if (rc == ODD_OK)
        rc = duck_ask(lake->duck, sql, explained != NULL ? DUCK_EXPLAIN : DUCK_SELECT, ret_answer);
    return rc == ODD_OK ? rc : question_failed(lake, rc);
}
