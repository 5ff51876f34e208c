/* SPDX-License-Identifier: Apache-2.0
 *
 * model_speed.c - how fast rows of 50 columns are put into cells, profiled and judged; and how
 * large a profile is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/rng.h"
#include "model/profile.h"
#include "model/temper.h"
#include "stats/normal.h"

enum { COLUMNS = 50, ROWS = 256, BATCHES = 800, REFERENCE_ROWS = 20000 };

typedef struct {
    Bins     bins;
    Expected expected;
    Evidence evidence;
    Profile  profile;
} Column;

static int number_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void begin(Column *column, Rng *rng, double *numbers, uint8_t *cells)
{
    for (size_t i = 0; i < REFERENCE_ROWS; i++)
        numbers[i] = normal_quantile(rng_real(rng));
    qsort(numbers, REFERENCE_ROWS, sizeof *numbers, number_order);
    bins_of_numbers(numbers, REFERENCE_ROWS, &column->bins);
    for (size_t i = 0; i < REFERENCE_ROWS; i++)
        cells[i] = bins_number_cell(&column->bins, normal_quantile(rng_real(rng)));
    expected_make(&column->bins, cells, REFERENCE_ROWS, 0, &column->expected);
    Bets bets;
    temper_bets(&column->bins, &column->expected, BETS_BOTH_WAYS, 0.04, cells, REFERENCE_ROWS,
                &bets);
    evidence_begin(&column->evidence, &bets);
    profile_begin(&column->profile);
}

static double run(Column *columns, const double *numbers, bool judges)
{
    uint8_t cells[ROWS];
    float   money[ROWS];
    double  from = seconds();
    for (size_t batch = 0; batch < BATCHES; batch++)
        for (size_t c = 0; c < COLUMNS; c++) {
            const double *rows = numbers + (batch * 7 + c) % 16 * ROWS;
            for (size_t i = 0; i < ROWS; i++)
                cells[i] = bins_number_cell(&columns[c].bins, rows[i]);
            profile_learn(&columns[c].profile, &columns[c].bins, rows, cells, ROWS);
            if (judges)
                evidence_learn(&columns[c].evidence, &columns[c].expected, cells, ROWS, money);
        }
    return (double)ROWS * BATCHES / (seconds() - from);
}

int main(void)
{
    Column  *columns = calloc(COLUMNS, sizeof *columns);
    double  *numbers = calloc(REFERENCE_ROWS, sizeof *numbers);
    uint8_t *cells = calloc(REFERENCE_ROWS, 1);
    if (columns == NULL || numbers == NULL || cells == NULL)
        return 1;
    Rng rng = rng_seeded(1);
    for (size_t c = 0; c < COLUMNS; c++)
        begin(&columns[c], &rng, numbers, cells);
    for (size_t i = 0; i < (size_t)16 * ROWS; i++)
        numbers[i] = normal_quantile(rng_real(&rng));
    printf("profiled, rows/s\t%.0f\n", run(columns, numbers, false));
    printf("profiled and judged, rows/s\t%.0f\n", run(columns, numbers, true));
    printf("profile of 50 columns, bytes\t%zu\n", COLUMNS * sizeof(Profile));
    free(columns);
    free(numbers);
    free(cells);
    return 0;
}
