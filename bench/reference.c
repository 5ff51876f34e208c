/* SPDX-License-Identifier: Apache-2.0
 *
 * reference.c - the surprise of each session when some are known to be good: CSV.
 *
 *     reference GOOD FILE
 *
 * GOOD is learnt as reference, then FILE is judged.  Prints session,surprise for every session.
 */
#include <stdio.h>

#include <oddball.h>

#define PIECE_BYTES 65536

static odd_rc learn(odd_db *db, const char *path, int is_reference)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return ODD_NOTFOUND;
    int source = 0;
    odd_rc rc = odd_source(db, path, &(odd_reading){.reference = is_reference}, &source);
    char bytes[PIECE_BYTES];
    for (size_t size; rc == ODD_OK && (size = fread(bytes, 1, sizeof bytes, file)) > 0;)
        rc = odd_put(db, source, bytes, size);
    fclose(file);
    return rc == ODD_OK ? odd_end(db, source) : rc;
}

static odd_rc print_sessions(odd_db *db)
{
    odd_rows *rows = NULL;
    odd_rc rc = odd_query(db, &(odd_question){.view = ODD_SESSIONS}, &rows);
    if (rc != ODD_OK)
        return rc;
    const int session = odd_column(rows, "session"), surprise = odd_column(rows, "surprise");
    puts("session,surprise");
    while (odd_next(rows) == ODD_ROW)
        printf("%s,%.3f\n", odd_text(rows, session), odd_double(rows, surprise));
    odd_rows_close(rows);
    return ODD_OK;
}

int main(int count, char **arguments)
{
    if (count != 3) {
        fputs("usage: reference GOOD FILE\n", stderr);
        return 2;
    }
    odd_db *db = NULL;
    odd_rc rc = odd_open(&(odd_options){.sessions = ODD_SESSIONS_ALL}, &db);
    if (rc == ODD_OK)
        rc = learn(db, arguments[1], 1);
    if (rc == ODD_OK)
        rc = learn(db, arguments[2], 0);
    if (rc == ODD_OK)
        rc = print_sessions(db);
    if (rc != ODD_OK)
        fprintf(stderr, "reference: %s\n", odd_strerror(rc));
    odd_close(db);
    return rc == ODD_OK ? 0 : 1;
}
