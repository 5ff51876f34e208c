/* odd_lines.c - prints what is odd in a log file.  SPDX-License-Identifier: Apache-2.0
 * cc odd_lines.c $(pkg-config --cflags --libs oddball) -o odd_lines && ./odd_lines app.log */
#include <oddball.h>
#include <stdio.h>

int main(int count, char **arguments)
{
    FILE *file = count == 2 ? fopen(arguments[1], "rb") : NULL;
    odd_db *db = NULL;
    int source;
    if (!file || odd_open(NULL, &db) || odd_source(db, arguments[1], NULL, &source))
        return 2;

    char bytes[65536];
    for (size_t size; (size = fread(bytes, 1, sizeof bytes, file)) > 0;)
        odd_put(db, source, bytes, size);
    odd_end(db, source);

    odd_rows *rows;
    if (odd_query(db, &(odd_question){.view = ODD_FINDINGS}, &rows) != ODD_OK)
        return 2;
    while (odd_next(rows) == ODD_ROW)
        printf("line %d: %s\n    %s\n", (int)odd_int(rows, odd_column(rows, "row")),
               odd_text(rows, odd_column(rows, "sentence")),
               odd_text(rows, odd_column(rows, "sample")));
    odd_rows_close(rows);
    odd_close(db);
    return fclose(file) == 0 ? 0 : 2;
}
