/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/samples.h"

#include "cli/complain.h"
#include "cli/csv.h"
#include "cli/field.h"

typedef struct {
    int row, time, series, value, expected, lower, upper, surprise, alarm, reason, together, share;
} Columns;

static void row_write(Csv *csv, const odd_rows *rows, const Columns *c)
{
    csv_integer(csv, odd_int(rows, c->row));
    csv_time(csv, odd_int(rows, c->time));
    csv_piece(csv, field_text(rows, c->series));
    csv_number(csv, odd_double(rows, c->value));
    csv_about(csv, odd_double(rows, c->expected));
    csv_about(csv, odd_double(rows, c->lower));
    csv_about(csv, odd_double(rows, c->upper));
    csv_real(csv, odd_double(rows, c->surprise));
    csv_real(csv, odd_double(rows, c->alarm));
    csv_piece(csv, field_text(rows, c->reason));
    csv_real(csv, odd_double(rows, c->together));
    csv_real(csv, odd_double(rows, c->share));
    csv_end(csv);
}

bool samples_write(odd_db *db, bool is_first, Out *out)
{
    odd_rows *rows;
    if (odd_query(db, &(odd_question){.view = ODD_SAMPLES}, &rows) != ODD_OK) {
        complain("cannot get the scores: %s", odd_errmsg(db));
        return false;
    }
    if (is_first)
        buffer_puts(&out->text,
                    "row,time,signal,value,expected,lower,upper,surprise,alarm,reason,together,"
                    "share\n");
    const Columns columns = {.row = odd_column(rows, "row"),
                             .time = odd_column(rows, "time"),
                             .series = odd_column(rows, "series"),
                             .value = odd_column(rows, "value"),
                             .expected = odd_column(rows, "expected"),
                             .lower = odd_column(rows, "lower"),
                             .upper = odd_column(rows, "upper"),
                             .surprise = odd_column(rows, "surprise"),
                             .alarm = odd_column(rows, "alarm"),
                             .reason = odd_column(rows, "reason"),
                             .together = odd_column(rows, "together"),
                             .share = odd_column(rows, "share")};
    Csv csv = {.out = &out->text};
    while (!out->closed && odd_next(rows) == ODD_ROW) {
        row_write(&csv, rows, &columns);
        out_step(out);
    }
    odd_rows_close(rows);
    return true;
}

void samples_notes(odd_db *db)
{
    odd_rows *rows;
    if (odd_query(db, &(odd_question){.view = ODD_NOTES}, &rows) != ODD_OK)
        return;
    while (odd_next(rows) == ODD_ROW)
        complain("%s", odd_text(rows, odd_column(rows, "sentence")));
    odd_rows_close(rows);
}
