/* SPDX-License-Identifier: Apache-2.0
 *
 * renew.c - a damaged catalog is copied into a new one, as far as it can be read.
 *
 * Row by row, each in the order of its key: what cannot be read ends that table.  The old file
 * stays in its place until the new one is whole. */
#include <stdio.h>

#include "store/catalog.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))
#define COLUMNS_MAX 4

static const char name[] = "catalog.db";
static const char draft[] = "catalog-new.db";

typedef struct {
    const char *from, *to;
    const char *kinds; /* Of each column: i number, t text, b bytes. */
} CopiedTable;

static const CopiedTable tables[] = {
    {"SELECT n, first, before FROM segments", "INSERT INTO segments VALUES(?,?,?)", "iii"},
    {"SELECT name FROM lake_files", "INSERT INTO lake_files VALUES(?)", "t"},
    {"SELECT key, sum, value FROM named", "INSERT INTO named VALUES(?,?,?)", "tib"},
    {"SELECT id, position, sum FROM snapshots", "INSERT INTO snapshots VALUES(?,?,?)", "iii"},
    {"SELECT snapshot, number, blob FROM parts", "INSERT INTO parts VALUES(?,?,?)", "iii"},
    {"SELECT id, size, sum, bytes FROM blobs", "INSERT INTO blobs VALUES(?,?,?,?)", "iiib"},
};

/* Gives why writing failed; that reading did is no failure here. */
static odd_rc copy_rows(SqlQuery *from, Sql *to, const CopiedTable *table)
{
    odd_rc rc = ODD_OK;
    while (rc == ODD_OK && sql_step(from) == ODD_ROW) {
        SqlValue values[COLUMNS_MAX] = {{0}};
        size_t count = strlen(table->kinds);
        for (size_t i = 0; i < count; i++) {
            if (table->kinds[i] == 'i')
                values[i] = (SqlValue){.kind = SQL_BIND_INT, .number = sql_int(from, (int)i)};
            else
                values[i] =
                    (SqlValue){.kind = table->kinds[i] == 't' ? SQL_BIND_TEXT : SQL_BIND_BYTES,
                               .bytes = sql_bytes(from, (int)i)};
        }
        rc = sql_do_with(to, table->to, values, count);
    }
    return rc;
}

static odd_rc copy_all(Sql *old, Sql *made)
{
    odd_rc rc = sql_run(made, "BEGIN");
    for (size_t i = 0; i < COUNT_OF(tables) && rc == ODD_OK; i++) {
        SqlQuery from;
        if (old->database == NULL || sql_prepare(old, tables[i].from, &from) != ODD_OK)
            continue; /* The whole table is lost. */
        rc = copy_rows(&from, made, &tables[i]);
        sql_drop(&from);
    }
    if (rc == ODD_OK)
        rc = sql_run(made, "COMMIT");
    return rc == ODD_OK ? sql_checkpoint(made, true) : rc;
}

static odd_rc swap(Catalog *catalog, char ret_aside[FOLDER_NAME_SIZE])
{
    sql_shut(&catalog->sql);
    odd_rc rc = folder_set_aside(catalog->folder, name, ret_aside, &catalog->problem);
    if (rc == ODD_OK)
        rc = folder_rename(catalog->folder, draft, name, &catalog->problem);
    folder_remove(catalog->folder, draft); /* Its empty log. */
    return rc;
}

odd_rc catalog_renew(Catalog *catalog, Damages *found)
{
    Sql made = {0};
    Damage damage = {.kind = DAMAGE_CATALOG_PART};
    snprintf(damage.was, sizeof damage.was, "%s", name);
    snprintf(damage.cause, sizeof damage.cause, "%.*s", DAMAGE_CAUSE_SIZE - 1,
             catalog->problem.text);
    folder_remove(catalog->folder, draft);
    odd_rc rc = catalog_make(catalog, draft, &made);
    if (rc == ODD_OK)
        rc = copy_all(&catalog->sql, &made);
    sql_shut(&made);
    if (rc != ODD_OK) {
        folder_remove(catalog->folder, draft);
        return rc;
    }
    rc = swap(catalog, damage.file);
    if (rc == ODD_OK && found != NULL)
        damages_add(found, &damage);
    catalog->base = 0;
    return rc == ODD_OK ? catalog_open_there(catalog) : rc;
}
