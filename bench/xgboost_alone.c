/* SPDX-License-Identifier: Apache-2.0
 *
 * xgboost_alone.c - XGBoost with its defaults on a table of numbers, as somebody would call it:
 *
 *     xgboost_alone TABLE ROWS_TO_FIT OBJECTIVE CLASSES MODEL
 *
 * TABLE has a row a line, the label first, then the inputs, with commas; an empty cell is missing.
 * OBJECTIVE as XGBoost names it; CLASSES: 0, or how many.  Trains on the first rows with 100
 * rounds, keeps the model as JSON, and prints: seconds, loss of the last 20 % of the rows (log
 * loss, or root of the mean square), microseconds for a single row by XGBoosterPredictFromDense. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xgboost/c_api.h>

#define ROUNDS 100
#define BATCHES 20
#define BATCH_ROWS 100

typedef struct {
    float *labels, *cells;
    size_t rows, columns;
} Numbers;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void must(int status)
{
    if (status == 0)
        return;
    fprintf(stderr, "%s\n", XGBGetLastError());
    exit(1);
}

static float number(char **at)
{
    char *end;
    float value = strtof(*at, &end);
    if (end == *at)
        value = NAN;
    *at = end + (*end == ',');
    return value;
}

static Numbers numbers_read(const char *path)
{
    Numbers numbers = {0};
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0, capacity = 0;
    if (file == NULL)
        exit(1);
    while (getline(&line, &room, file) > 0) {
        if (numbers.columns == 0)
            for (const char *c = line; *c != '\0'; c++)
                numbers.columns += *c == ',';
        if (numbers.rows == capacity) {
            capacity = capacity > 0 ? 2 * capacity : 1024;
            numbers.labels = realloc(numbers.labels, capacity * sizeof(float));
            numbers.cells = realloc(numbers.cells, capacity * numbers.columns * sizeof(float));
        }
        char *at = line;
        numbers.labels[numbers.rows] = number(&at);
        for (size_t c = 0; c < numbers.columns; c++)
            numbers.cells[numbers.rows * numbers.columns + c] = number(&at);
        numbers.rows++;
    }
    free(line);
    fclose(file);
    return numbers;
}

static double loss_of(const float *said, const float *labels, size_t rows, long classes)
{
    double sum = 0;
    size_t outputs = classes > 2 ? (size_t)classes : 1;
    for (size_t i = 0; i < rows; i++) {
        if (classes == 0) {
            sum += (double)(said[i] - labels[i]) * (double)(said[i] - labels[i]);
            continue;
        }
        double p = classes == 2 ? (labels[i] > 0.5f ? (double)said[i] : 1 - (double)said[i])
                                : (double)said[i * outputs + (size_t)labels[i]];
        sum -= log(p > 1e-6 ? p : 1e-6);
    }
    return classes == 0 ? sqrt(sum / (double)rows) : sum / (double)rows;
}

static double single_row_us(BoosterHandle booster, const Numbers *numbers)
{
    static const char config[] =
        "{\"type\":0,\"iteration_begin\":0,\"iteration_end\":0,"
        "\"strict_shape\":false,\"missing\":NaN,\"training\":false,\"cache_id\":0}";
    double least = 1e9;
    for (int batch = 0; batch < BATCHES; batch++) {
        double begun = seconds();
        for (size_t i = 0; i < BATCH_ROWS; i++) {
            char array[200];
            const bst_ulong *shape;
            bst_ulong dimensions;
            const float *said;
            snprintf(array, sizeof array,
                     "{\"data\":[%llu,true],\"shape\":[1,%zu],\"typestr\":\"<f4\",\"version\":3}",
                     (unsigned long long)(size_t)(numbers->cells + i * numbers->columns),
                     numbers->columns);
            must(XGBoosterPredictFromDense(booster, array, config, NULL, &shape, &dimensions,
                                           &said));
        }
        double spent = (seconds() - begun) / BATCH_ROWS * 1e6;
        least = spent < least ? spent : least;
    }
    return least;
}

int main(int argc, char **argv)
{
    if (argc != 6)
        return 2;
    Numbers numbers = numbers_read(argv[1]);
    size_t fit = (size_t)atol(argv[2]), test = numbers.rows - numbers.rows / 5;
    long classes = atol(argv[4]);
    DMatrixHandle train, rest;
    BoosterHandle booster;
    bst_ulong size;
    const float *said;
    double begun = seconds();
    must(XGDMatrixCreateFromMat(numbers.cells, fit, numbers.columns, NAN, &train));
    must(XGDMatrixSetFloatInfo(train, "label", numbers.labels, fit));
    must(XGBoosterCreate(&train, 1, &booster));
    XGBoosterSetParam(booster, "verbosity", "0");
    XGBoosterSetParam(booster, "nthread", "1");
    XGBoosterSetParam(booster, "objective", argv[3]);
    if (classes > 2)
        XGBoosterSetParam(booster, "num_class", argv[4]);
    for (int round = 0; round < ROUNDS; round++)
        must(XGBoosterUpdateOneIter(booster, round, train));
    double spent = seconds() - begun;
    must(XGDMatrixCreateFromMat(numbers.cells + test * numbers.columns, numbers.rows - test,
                                numbers.columns, NAN, &rest));
    must(XGBoosterPredict(booster, rest, 0, 0, 0, &size, &said));
    double loss = loss_of(said, numbers.labels + test, numbers.rows - test, classes);
    must(XGBoosterSaveModel(booster, argv[5]));
    printf("%.3f %.5f %.2f\n", spent, loss, single_row_us(booster, &numbers));
    XGDMatrixFree(train);
    XGDMatrixFree(rest);
    XGBoosterFree(booster);
    free(numbers.labels);
    free(numbers.cells);
    return 0;
}
