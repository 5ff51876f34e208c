/* SPDX-License-Identifier: Apache-2.0
 *
 * vus.c - the volume under the surface of precision and recall, and the best F1, of one series.
 *
 *     vus WINDOW
 *
 * Reads "label score" lines, prints "VUS-PR best-F1".  Labels are 0 or 1, a higher score is odder.
 *
 * ALGORITHM  Paparrizos et al., VLDB 2022, with the choices of TSB-AD (Liu and Paparrizos, NeurIPS
 *            2024): for each buffer w of 0..WINDOW rows, a label of sqrt(1 - distance/w) reaches
 *            w/2 rows to both sides of each labelled range, summed where two meet and cut at 1.
 *            Thresholds are 250 quantiles of the scores.  Recall is hits / (rows + half of the
 *            buffer that was hit), at most 1, times the share of ranges (merged where their buffers
 *            meet) that were hit at all.  The area is the sum of precision times growth of recall;
 *            the volume is the mean over the buffers.
 * EXACTNESS  The same as the definition, up to rounding: a row counts from the first threshold that
 *            it reaches, so only rows near a label are walked for each buffer.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define THRESHOLDS 250

typedef struct {
    size_t first, last; /* Rows, both included. */
} Range;

typedef struct {
    size_t count, room, range_count, label_count;
    double *scores;
    uint8_t *labels;
    uint8_t *reached; /* By row: the first threshold, from the highest, that its score reaches. */
    double *buffer;   /* By row: the label that the buffer gives. */
    Range *ranges;
    size_t said[THRESHOLDS]; /* Rows with a score of at least this threshold. */
    size_t hits[THRESHOLDS]; /* Labelled rows among them. */
} Series;

static void *take(void *old, size_t count, size_t size)
{
    void *memory = realloc(old, (count + 1) * size);
    if (memory == NULL) {
        fputs("vus: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

static void series_read(Series *s, FILE *file)
{
    int label;
    double score;
    while (fscanf(file, "%d %lf", &label, &score) == 2) {
        if (s->count == s->room) {
            s->room = s->room == 0 ? 4096 : 2 * s->room;
            s->scores = take(s->scores, s->room, sizeof *s->scores);
            s->labels = take(s->labels, s->room, sizeof *s->labels);
        }
        s->labels[s->count] = label != 0;
        s->label_count += label != 0;
        s->scores[s->count++] = score;
    }
}

static int descending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

static void find_ranges(Series *s)
{
    s->ranges = take(NULL, s->label_count, sizeof *s->ranges);
    for (size_t row = 0; row < s->count; row++) {
        if (!s->labels[row])
            continue;
        if (row == 0 || !s->labels[row - 1])
            s->ranges[s->range_count++].first = row;
        s->ranges[s->range_count - 1].last = row;
    }
}

/* Which of the quantiles each row reaches first; what is said and hit from each on. */
static void find_reached(Series *s, const double *sorted)
{
    double thresholds[THRESHOLDS];
    const double step = (double)(s->count - 1) / (THRESHOLDS - 1);
    for (size_t k = 0; k < THRESHOLDS; k++)
        thresholds[k] = sorted[k + 1 < THRESHOLDS ? (size_t)((double)k * step) : s->count - 1];
    for (size_t row = 0; row < s->count; row++) {
        size_t low = 0, high = THRESHOLDS - 1;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (s->scores[row] >= thresholds[middle])
                high = middle;
            else
                low = middle + 1;
        }
        s->reached[row] = (uint8_t)low;
        s->said[low]++;
        s->hits[low] += s->labels[row];
    }
    for (size_t k = 1; k < THRESHOLDS; k++) {
        s->said[k] += s->said[k - 1];
        s->hits[k] += s->hits[k - 1];
    }
}

static double best_f1(const Series *s, const double *sorted)
{
    double *scores = take(NULL, s->label_count, sizeof *scores);
    size_t count = 0;
    for (size_t row = 0; row < s->count; row++)
        if (s->labels[row])
            scores[count++] = s->scores[row];
    qsort(scores, count, sizeof *scores, descending);
    double best = 0;
    for (size_t said = 1, hits = 0; said <= s->count; said++) {
        if (said < s->count && !(sorted[said] < sorted[said - 1]))
            continue;
        while (hits < count && scores[hits] >= sorted[said - 1])
            hits++;
        best = fmax(best, 2 * (double)hits / (double)(said + count));
    }
    free(scores);
    return best;
}

/* Adds the buffers of all ranges; the rows that they cover are cleared first. */
static void fill_buffer(Series *s, size_t window)
{
    const size_t reach = window / 2;
    for (size_t k = 0; k < s->range_count; k++) {
        Range range = s->ranges[k];
        for (size_t n = 1; n <= reach; n++) {
            if (range.last + n < s->count)
                s->buffer[range.last + n] = 0;
            if (n <= range.first)
                s->buffer[range.first - n] = 0;
        }
    }
    for (size_t k = 0; k < s->range_count; k++) {
        Range range = s->ranges[k];
        for (size_t n = 1; n <= reach; n++) {
            double label = sqrt(1 - (double)n / (double)window);
            if (range.last + n < s->count)
                s->buffer[range.last + n] += label;
            if (n <= range.first)
                s->buffer[range.first - n] += label;
        }
    }
}

/* Ranges whose buffers meet are one. */
static Range merged_range(const Series *s, size_t *at, size_t reach)
{
    Range range = s->ranges[(*at)++];
    range.first -= range.first < reach ? range.first : reach;
    while (*at < s->range_count && s->ranges[*at].first <= s->ranges[*at - 1].last + 2 * reach)
        (*at)++;
    range.last = s->ranges[*at - 1].last + reach;
    if (range.last >= s->count)
        range.last = s->count - 1;
    return range;
}

static double area(Series *s, size_t window)
{
    double buffer_hits[THRESHOLDS] = {0}, area_sum = 0, recall_before = 0, buffer = 0;
    size_t found[THRESHOLDS] = {0}, range_count = 0, found_count = 0;
    fill_buffer(s, window);
    for (size_t at = 0; at < s->range_count; range_count++) {
        Range range = merged_range(s, &at, window / 2);
        uint8_t reached = THRESHOLDS - 1;
        for (size_t row = range.first; row <= range.last; row++) {
            uint8_t k = s->reached[row];
            if (k < reached)
                reached = k;
            if (!s->labels[row])
                buffer_hits[k] += s->buffer[row] < 1 ? s->buffer[row] : 1;
        }
        found[reached]++;
    }
    for (size_t k = 0; k < THRESHOLDS; k++) {
        buffer += buffer_hits[k];
        found_count += found[k];
        double hits = (double)s->hits[k] + buffer;
        double recall = fmin(hits / ((double)s->label_count + buffer / 2), 1) *
                        (double)found_count / (double)range_count;
        area_sum += (recall - recall_before) * hits / (double)s->said[k];
        recall_before = recall;
    }
    return area_sum;
}

static void measure(Series *s, size_t window)
{
    double *sorted = take(NULL, s->count, sizeof *sorted), sum = 0;
    for (size_t row = 0; row < s->count; row++)
        sorted[row] = s->scores[row];
    qsort(sorted, s->count, sizeof *sorted, descending);
    s->reached = take(NULL, s->count, sizeof *s->reached);
    s->buffer = take(NULL, s->count, sizeof *s->buffer);
    find_ranges(s);
    find_reached(s, sorted);
    for (size_t w = 0; w <= window; w++)
        sum += area(s, w);
    printf("%.9f %.9f\n", sum / (double)(window + 1), best_f1(s, sorted));
    free(sorted);
}

int main(int count, char **arguments)
{
    if (count != 2) {
        fputs("usage: vus WINDOW < LABELS_AND_SCORES\n", stderr);
        return 2;
    }
    Series series = {0};
    series_read(&series, stdin);
    int good = series.label_count > 0 && series.label_count < series.count;
    if (good)
        measure(&series, strtoul(arguments[1], NULL, 10));
    else
        fputs("vus: all labels are the same\n", stderr);
    free(series.scores), free(series.labels), free(series.reached);
    free(series.buffer), free(series.ranges);
    return good ? 0 : 2;
}
