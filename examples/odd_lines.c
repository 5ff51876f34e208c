/* SPDX-License-Identifier: Apache-2.0
 *
 * odd_lines.c - prints what is odd in a log file.
 *
 *     cc odd_lines.c $(pkg-config --cflags --libs oddball) -o odd_lines && ./odd_lines app.log
 */
#include <oddball.h>
#include <stdio.h>

int main(int count, char **arguments)
{
    FILE *file = count == 2 ? fopen(arguments[1], "rb") : NULL;
    odd_db *db = NULL;
    int source = 0;
    if (file == NULL || odd_open(NULL, &db) != ODD_OK)
        return 2;

    odd_source(db, arguments[1], NULL, &source);
    char bytes[65536];
    for (size_t size; (size = fread(bytes, 1, sizeof bytes, file)) > 0;)
        odd_put(db, source, bytes, size);
    odd_end(db, source);

    odd_rows *rows = NULL;
    if (odd_query(db, &(odd_question){.view = ODD_FINDINGS}, &rows) != ODD_OK)
        fprintf(stderr, "%s\n", odd_errmsg(db));
    while (rows != NULL && odd_next(rows) == ODD_ROW)
        printf("%5.1f  line %lld: %s\n       %s\n", odd_double(rows, odd_column(rows, "surprise")),
               (long long)odd_int(rows, odd_column(rows, "row")),
               odd_text(rows, odd_column(rows, "sentence")),
               odd_text(rows, odd_column(rows, "sample")));

    odd_rows_close(rows);
    odd_close(db);
    fclose(file);
    return 0;
}
