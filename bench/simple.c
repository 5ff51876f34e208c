/* SPDX-License-Identifier: Apache-2.0
 *
 * simple.c - simple detectors on one series, which the program is measured beside.
 *
 *     simple zscore WINDOW [STEP]
 *         distance from the mean of the WINDOW values before, in deviations; a full window moves on
 *         every STEP values (1)
 *     simple naive PERIOD
 *         distance from the value one PERIOD before
 *     simple profile LENGTH
 *         z-normalised distance of the LENGTH values that end here from their nearest neighbour in
 *         the past, exact; neighbours that overlap by more than three quarters don't count
 *     simple period
 *         the lag of the highest peak of the autocorrelation, as TSB-AD has it
 *
 * Reads a value a line, prints a score a line (period: one line).  Nothing looks ahead, but for
 * `period`, which sees the first 20,000 values at once.
 *
 * ALGORITHM  Windowed Gaussian: as in numenta/NAB.  Left matrix profile: Zhu et al., STOMP, ICDM
 *            2016, row by row; distances are those of correlations.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEVIATION_OF_A_CONSTANT 1e-6
#define CONSTANT_SHARE 1e-9
#define LANES 8
#define RENEW_SHARE 1e-6
#define PERIOD_ROWS_MAX 20000
#define LAG_FIRST 3
#define LAG_MAX 400
#define PERIOD_MAX 303
#define PERIOD_UNKNOWN 125

typedef struct {
    double *values;
    size_t count, room;
} Series;

static void *take(size_t count)
{
    void *memory = calloc(count + 1, sizeof(double));
    if (memory == NULL) {
        fputs("simple: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

static Series series_read(FILE *file)
{
    Series series = {0};
    char line[128];
    while (fgets(line, sizeof line, file) != NULL) {
        if (series.count == series.room) {
            series.room = series.room == 0 ? 4096 : 2 * series.room;
            double *more = realloc(series.values, series.room * sizeof *more);
            if (more == NULL)
                exit(1);
            series.values = more;
        }
        series.values[series.count++] = strtod(line, NULL);
    }
    return series;
}

static double mean_of(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (double)n;
}

static double deviation_of(const double *x, size_t n, double mean)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (x[i] - mean) * (x[i] - mean);
    return sqrt(sum / (double)n);
}

typedef struct {
    double mean, squares; /* Sum of squared distances from the mean. */
    double most;          /* Of `squares`, since they were summed anew. */
} Moments;

static Moments moments_of(const double *x, size_t n)
{
    Moments m = {.mean = mean_of(x, n)};
    double deviation = deviation_of(x, n, m.mean);
    m.squares = m.most = deviation * deviation * (double)n;
    return m;
}

/* One value goes, one comes.  What is left of much more would be rounding: then sums begin anew. */
static Moments moments_slide(Moments m, const double *x, size_t n)
{
    double gone = x[-1], come = x[n - 1], before = m.mean;
    m.mean += (come - gone) / (double)n;
    m.squares += (come - gone) * (come - m.mean + gone - before);
    if (m.squares < RENEW_SHARE * m.most)
        return moments_of(x, n);
    m.most = m.squares > m.most ? m.squares : m.most;
    return m;
}

static void zscore(Series series, size_t window, size_t step, double *scores)
{
    Moments m = {0};
    for (size_t row = 1; row < series.count; row++) {
        size_t n = row < window ? row : window;
        const double *before = series.values + row - n;
        if (row <= window || (row - window) % (step > 1 ? step : window) == 0)
            m = moments_of(before, n);
        else if (step == 1)
            m = moments_slide(m, before, n);
        double deviation = sqrt(m.squares / (double)n);
        scores[row] = fabs(series.values[row] - m.mean) /
                      (deviation > 0 ? deviation : DEVIATION_OF_A_CONSTANT);
    }
}

static void naive(Series series, size_t period, double *scores)
{
    for (size_t row = period; row < series.count; row++)
        scores[row] = fabs(series.values[row] - series.values[row - period]);
}

typedef struct {
    size_t m, windows;
    double *x, *mean, *inverse; /* inverse: 1 / deviation; 0 of a constant. */
    double *back;               /* x from its end, so that a walk over lags goes forward. */
    double *mean_back, *inverse_back;
    double *dots; /* By lag: the product of window i with the one a lag before. */
} Profile;

/* Around its mean, so that products lose few digits. */
static Profile profile_of(Series series, size_t m)
{
    size_t n = series.count, windows = n - m + 1;
    Profile p = {.m = m, .windows = windows, .x = take(n), .mean = take(windows),
                 .inverse = take(windows), .back = take(n), .mean_back = take(windows),
                 .inverse_back = take(windows), .dots = take(windows)};
    double center = mean_of(series.values, n), spread = deviation_of(series.values, n, center);
    for (size_t i = 0; i < n; i++)
        p.back[n - 1 - i] = p.x[i] = series.values[i] - center;
    for (size_t i = 0; i < windows; i++) {
        double mean = mean_of(p.x + i, m), deviation = deviation_of(p.x + i, m, mean);
        p.mean_back[windows - 1 - i] = p.mean[i] = mean;
        p.inverse[i] = deviation > CONSTANT_SHARE * spread ? 1 / deviation : 0;
        p.inverse_back[windows - 1 - i] = p.inverse[i];
    }
    return p;
}

/* From window i - 1 to window i, for every lag under i. */
static void dots_step(const Profile *p, size_t i)
{
    const double gone = p->x[i - 1], come = p->x[i - 1 + p->m];
    const double *before = p->back + (p->windows + p->m - 1) - i;
    const double *after = before - p->m;
    double *dots = p->dots;
    for (size_t lag = 1; lag < i; lag++)
        dots[lag] += come * after[lag] - gone * before[lag];
}

/* The highest correlation of window i with one at least `first` before it. */
static double best_correlation(const Profile *p, size_t i, size_t first)
{
    const double *mean = p->mean_back + (p->windows - 1) - i;
    const double *inverse = p->inverse_back + (p->windows - 1) - i;
    const double scale = (double)p->m * p->mean[i];
    double best[LANES], highest;
    for (size_t lane = 0; lane < LANES; lane++)
        best[lane] = -INFINITY;
    size_t lag = first;
    for (; lag + LANES <= i + 1; lag += LANES)
        for (size_t lane = 0; lane < LANES; lane++) {
            double c = (p->dots[lag + lane] - scale * mean[lag + lane]) * inverse[lag + lane];
            best[lane] = c > best[lane] ? c : best[lane];
        }
    for (; lag <= i; lag++) {
        double c = (p->dots[lag] - scale * mean[lag]) * inverse[lag];
        best[0] = c > best[0] ? c : best[0];
    }
    highest = best[0];
    for (size_t lane = 1; lane < LANES; lane++)
        highest = best[lane] > highest ? best[lane] : highest;
    return highest * p->inverse[i] / (double)p->m;
}

/* A constant is exactly like another constant, and half like anything else. */
static void profile(Series series, size_t m, double *scores)
{
    if (m < 2 || series.count < 2 * m)
        return;
    Profile p = profile_of(series, m);
    size_t first = (m + 3) / 4 + 1, constant = p.windows;
    for (size_t i = 1; i < p.windows; i++) {
        dots_step(&p, i);
        for (size_t n = 0; n < m; n++)
            p.dots[i] += p.x[n] * p.x[i + n];
        if (i < first)
            continue;
        if (constant == p.windows && !(p.inverse[i - first] > 0))
            constant = i - first;
        double best = best_correlation(&p, i, first);
        if (constant <= i - first)
            best = p.inverse[i] > 0 ? fmax(best, 0.5) : 1;
        else if (!(p.inverse[i] > 0))
            best = 0.5;
        scores[i + m - 1] = sqrt(2 * (double)m * fmax(1 - best, 0));
    }
    free(p.x), free(p.mean), free(p.inverse), free(p.back), free(p.mean_back);
    free(p.inverse_back), free(p.dots);
}

static size_t period(Series series)
{
    size_t n = series.count < PERIOD_ROWS_MAX ? series.count : PERIOD_ROWS_MAX;
    if (n == 0)
        return PERIOD_UNKNOWN;
    double mean = mean_of(series.values, n), sums[LAG_MAX + 1] = {0};
    size_t lag_max = n - 1 < LAG_MAX ? n - 1 : LAG_MAX;
    for (size_t lag = 0; lag <= lag_max; lag++)
        for (size_t i = lag; i < n; i++)
            sums[lag] += (series.values[i] - mean) * (series.values[i - lag] - mean);
    size_t best = 0;
    for (size_t lag = LAG_FIRST + 1; lag < lag_max; lag++)
        if (sums[lag] > sums[lag - 1] && sums[lag] > sums[lag + 1] &&
            (best == 0 || sums[lag] >= sums[best]))
            best = lag;
    return best < 2 * LAG_FIRST || best > PERIOD_MAX ? PERIOD_UNKNOWN : best;
}

/* false: not asked for in this way. */
static int run(Series series, int count, char **arguments, double *scores)
{
    const char *method = count > 1 ? arguments[1] : "";
    size_t length = count > 2 ? strtoul(arguments[2], NULL, 10) : 0;
    size_t step = count > 3 ? strtoul(arguments[3], NULL, 10) : 1;
    if (count == 2 && strcmp(method, "period") == 0) {
        printf("%zu\n", period(series));
        return 1;
    }
    if (length > 0 && step > 0 && count <= 4 && strcmp(method, "zscore") == 0)
        zscore(series, length, step, scores);
    else if (length > 0 && count == 3 && strcmp(method, "naive") == 0)
        naive(series, length, scores);
    else if (length > 0 && count == 3 && strcmp(method, "profile") == 0)
        profile(series, length, scores);
    else
        return 0;
    for (size_t row = 0; row < series.count; row++)
        printf("%.17g\n", scores[row]);
    return 1;
}

int main(int count, char **arguments)
{
    Series series = series_read(stdin);
    double *scores = take(series.count);
    int good = run(series, count, arguments, scores);
    if (!good)
        fputs("usage: simple zscore|naive|profile LENGTH [STEP], or simple period\n", stderr);
    free(scores), free(series.values);
    return good ? 0 : 2;
}
