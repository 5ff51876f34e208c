/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"
#include "engine/rows.h"
#include "store/lake.h"

#define ANSWER_BYTES_MAX (64u << 20) /* Of texts: beyond it the rows are cut too. */
#define ESCAPED_BYTES 4
#define REPAIRS_MAX 5 /* Of one question: a tidying may replace files again and again. */

/* A BLOB: what is printable ASCII as it is, all else as \xff. */
static bool blob_add(odd_rows *rows, Mem *mem, Str blob)
{
    static const char digits[] = "0123456789abcdef";
    size_t size = ESCAPED_BYTES * blob.size, used = 0;
    char *text = mem_take(mem, size + 1);
    if (text == NULL)
        return false;
    for (size_t i = 0; i < blob.size; i++) {
        unsigned char byte = (unsigned char)blob.text[i];
        if (byte >= ' ' && byte < 0x7f && byte != '\\') {
            text[used++] = (char)byte;
            continue;
        }
        text[used++] = '\\';
        text[used++] = 'x';
        text[used++] = digits[byte >> 4];
        text[used++] = digits[byte & 15];
    }
    rows_text(rows, (Str){.text = text, .size = used});
    mem_free(mem, text, size + 1);
    return true;
}

static bool cell_add(odd_rows *rows, Mem *mem, DuckCell cell)
{
    char time[TIME_TEXT_SIZE];
    switch (cell.kind) {
    case DUCK_MISSING:
        rows_missing(rows);
        return true;
    case DUCK_BOOL:
        rows_bool(rows, cell.integer != 0);
        return true;
    case DUCK_INT:
        rows_int(rows, cell.integer);
        return true;
    case DUCK_REAL:
        rows_double(rows, cell.real);
        return true;
    case DUCK_TIME:
        rows_text(rows, str_of(time_text(cell.integer, 6, time)));
        return true;
    case DUCK_TEXT:
        rows_text(rows, cell.text);
        return true;
    case DUCK_BLOB:
        return blob_add(rows, mem, cell.text);
    }
    return false;
}

/* ODD_DONE, ODD_FULL, or why it failed. */
static odd_rc rows_fill(odd_lake *lake, odd_rows *rows, DuckAnswer *answer)
{
    uint64_t bytes = 0;
    for (uint64_t row = 0;; row++) {
        odd_rc rc = duck_answer_next(answer);
        if (rc == ODD_DONE)
            return rc;
        if (rc != ODD_ROW)
            return problem_say(&lake->problem, rc, "%s", duck_problem(lake->duck));
        if (row == lake->row_count_max || bytes > ANSWER_BYTES_MAX)
            return ODD_FULL;
        for (size_t column = 0; column < duck_answer_columns(answer); column++) {
            DuckCell cell = duck_answer_cell(answer, column);
            bytes += cell.text.size;
            if (!cell_add(rows, &lake->mem, cell))
                return problem_say(&lake->problem, ODD_NOMEM,
                                   "the answer does not fit into memory");
        }
    }
}

static odd_rows *rows_for(odd_lake *lake, DuckAnswer *answer)
{
    size_t count = duck_answer_columns(answer);
    const char **names = mem_take(&lake->mem, count * sizeof *names);
    if (names == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++)
        names[i] = duck_answer_column(answer, i);
    odd_rows *rows = rows_open_copied(names, count);
    mem_free(&lake->mem, names, count * sizeof *names);
    return rows;
}

static odd_rc ask_once(odd_lake *lake, const char *sql, odd_rows **ret_rows)
{
    DuckAnswer *answer;
    odd_rc rc = lake_ask(lake, sql, &answer);
    if (rc != ODD_OK)
        return rc;
    odd_rows *rows = rows_for(lake, answer);
    rc = rows != NULL ? rows_fill(lake, rows, answer) : ODD_NOMEM;
    duck_answer_close(answer);
    if (rc != ODD_DONE && rc != ODD_FULL) {
        odd_rows_close(rows);
        return rc;
    }
    odd_rc finished = rows_finish(rows, ret_rows);
    if (finished != ODD_OK)
        return problem_say(&lake->problem, finished, "the answer does not fit into memory");
    lake_note(lake);
    return rc == ODD_FULL ? ODD_FULL : ODD_OK;
}

odd_rc odd_lake_query(odd_lake *lake, const char *sql, odd_rows **rows)
{
    odd_rc rc = ask_once(lake, sql, rows);
    for (int i = 0; (rc == ODD_IO || rc == ODD_SYNTAX) && i < REPAIRS_MAX; i++) {
        rc = lake_repair(lake, rc);
        if (rc != ODD_OK)
            return rc;
        rc = ask_once(lake, sql, rows);
    }
    return rc;
}
