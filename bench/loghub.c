/* SPDX-License-Identifier: Apache-2.0
 *
 * loghub.c - how well patterns agree with hand-made templates: a table with a row for each set.
 *
 * usage: loghub [--dump SET] [--floors GA LOWEST_GA FGA PA FTA] [FOLDER]
 *
 * FOLDER is used if ODDBALL_DATA is not set.  Each line of a set is learnt once, in order; the
 * patterns are read at the end.
 *   GA   share of lines whose group is exactly a group of the original labels
 *   FGA  harmonic mean of the shares of exact groups among ours and theirs (corrected labels)
 *   PA   share of lines whose pattern text is exactly the corrected template
 *   FTA  as FGA, for groups of equal text whose lines all have that very template
 * Definitions: Zhu et al., ICSE-SEIP 2019; Khan et al., ICSE 2022; Jiang et al., ISSTA 2024.
 * Exit status 77 if there is no data, 1 if a mean or a set is below its floor.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "pattern/pattern.h"

#define LINES_MAX 100000
#define SEED 42

typedef struct {
    char **content, **template;
    size_t count;
} Labels;

typedef struct {
    double ga, fga, pa, fta;
    size_t groups, truth;
} Score;

static const char *const sets[] = {
    "Android",   "Apache",    "BGL",   "Hadoop",      "HDFS",    "HealthApp", "HPC", "Linux", "Mac",
    "OpenSSH",   "OpenStack", "Proxifier", "Spark", "Thunderbird", "Windows", "Zookeeper",
};
#define SET_COUNT (sizeof sets / sizeof *sets)

static void *must(void *block)
{
    if (block != NULL)
        return block;
    fputs("loghub: out of memory\n", stderr);
    exit(2);
}

/* -- labels ------------------------------------------------------------------------------------ */

static char *file_read(const char *path, size_t *ret_size)
{
    gzFile file = gzopen(path, "rb");
    if (file == NULL)
        return NULL;
    size_t size = 0, capacity = 1 << 20;
    char *bytes = must(malloc(capacity + 1));
    for (int n; (n = gzread(file, bytes + size, (unsigned)(capacity - size))) > 0;) {
        size += (size_t)n;
        if (size == capacity)
            bytes = must(realloc(bytes, (capacity *= 2) + 1));
    }
    gzclose(file);
    bytes[size] = 0;
    *ret_size = size;
    return bytes;
}

/* The next cell of a CSV, unquoted in place and ended by NUL.  *ret_last: the row ends here. */
static char *csv_cell(char **at, bool *ret_last)
{
    char *in = *at, *cell = in, *out = in;
    bool quoted = *in == '"';
    in += quoted;
    for (; *in != 0; in++) {
        if (quoted && *in == '"') {
            if (in[1] != '"') {
                quoted = false;
                continue;
            }
            in++;
        } else if (!quoted && (*in == ',' || *in == '\n')) {
            break;
        }
        *out++ = *in;
    }
    *ret_last = *in != ',';
    *at = *in != 0 ? in + 1 : in;
    *out = 0;
    return cell;
}

static bool labels_read(const char *folder, const char *set, const char *file, Labels *ret_labels)
{
    char path[4096];
    size_t size;
    snprintf(path, sizeof path, "%s/%s/%s.csv", folder, set, file);
    char *bytes = file_read(path, &size);
    if (bytes == NULL) {
        snprintf(path, sizeof path, "%s/%s/%s.csv.gz", folder, set, file);
        bytes = file_read(path, &size);
    }
    if (bytes == NULL)
        return false;
    *ret_labels = (Labels){.content = must(calloc(LINES_MAX, sizeof(char *))),
                           .template = must(calloc(LINES_MAX, sizeof(char *)))};
    char *names[16] = {0}, *at = bytes;
    size_t columns = 0;
    for (bool last = false; !last && columns < 16;)
        names[columns++] = csv_cell(&at, &last);
    while (*at != 0 && ret_labels->count < LINES_MAX) {
        bool last = false;
        for (size_t column = 0; !last; column++) {
            char *cell = csv_cell(&at, &last);
            if (column < columns && strcmp(names[column], "Content") == 0)
                ret_labels->content[ret_labels->count] = cell;
            if (column < columns && strcmp(names[column], "EventTemplate") == 0)
                ret_labels->template[ret_labels->count] = cell;
        }
        ret_labels->count++;
    }
    return true;
}

/* -- scores ------------------------------------------------------------------------------------ */

static const char *const *sort_key;

static int by_key(const void *a, const void *b)
{
    return strcmp(sort_key[*(const size_t *)a], sort_key[*(const size_t *)b]);
}

/* A number for each text, the same for equal texts; gives how many. */
static size_t number_texts(const char *const *texts, size_t count, size_t *ret_number)
{
    size_t *order = must(calloc(count, sizeof *order)), numbers = 0;
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    sort_key = texts;
    qsort(order, count, sizeof *order, by_key);
    for (size_t i = 0; i < count; i++) {
        numbers += i == 0 || strcmp(texts[order[i]], texts[order[i - 1]]) != 0;
        ret_number[order[i]] = numbers - 1;
    }
    free(order);
    return numbers;
}

/* Groups of a that are exactly a group of b: how many, and how many lines they hold. */
static size_t exact_groups(const size_t *a, size_t a_count, const size_t *b, size_t b_count,
                           size_t lines, size_t *ret_lines)
{
    size_t *a_size = must(calloc(a_count, sizeof(size_t))),
           *b_size = must(calloc(b_count, sizeof(size_t)));
    size_t *only = must(calloc(a_count, sizeof(size_t))), exact = 0; /* The one b, + 1 */
    bool *mixed = must(calloc(a_count, sizeof(bool)));
    for (size_t i = 0; i < lines; i++) {
        a_size[a[i]]++;
        b_size[b[i]]++;
        mixed[a[i]] = mixed[a[i]] || (only[a[i]] != 0 && only[a[i]] != b[i] + 1);
        only[a[i]] = b[i] + 1;
    }
    *ret_lines = 0;
    for (size_t g = 0; g < a_count; g++) {
        if (mixed[g] || a_size[g] != b_size[only[g] - 1])
            continue;
        exact++;
        *ret_lines += a_size[g];
    }
    free(a_size);
    free(b_size);
    free(only);
    free(mixed);
    return exact;
}

/* Groups of equal text whose lines all have that very template. */
static size_t exact_texts(const size_t *ours, size_t our_count, const char *const *text,
                          const char *const *truth, size_t lines)
{
    bool *wrong = must(calloc(our_count, sizeof(bool)));
    size_t exact = our_count;
    for (size_t i = 0; i < lines; i++) {
        if (strcmp(text[i], truth[i]) == 0 || wrong[ours[i]])
            continue;
        wrong[ours[i]] = true;
        exact--;
    }
    free(wrong);
    return exact;
}

static Score score(const size_t *refs, const char *const *text, const Labels *original,
                   const Labels *corrected)
{
    size_t n = corrected->count, lines, *truth = must(calloc(n, sizeof *truth)),
           *group = must(calloc(n, sizeof *group)), groups = 0, *map = must(calloc(n, sizeof *map));
    Score s = {0};
    for (size_t i = 0; i < n;
         i++) { /* Dense numbers: a reference is at most the number of lines. */
        if (map[refs[i]] == 0)
            map[refs[i]] = ++groups;
        group[i] = map[refs[i]] - 1;
    }
    size_t count = number_texts((const char *const *)original->template, n, truth);
    exact_groups(group, groups, truth, count, n, &lines);
    s.ga = (double)lines / (double)n;
    count = number_texts((const char *const *)corrected->template, n, truth);
    size_t exact = exact_groups(group, groups, truth, count, n, &lines);
    s.fga = 2.0 * (double)exact / (double)(groups + count);
    size_t *ours = map, our_count = number_texts(text, n, ours);
    exact = exact_texts(ours, our_count, text, (const char *const *)corrected->template, n);
    s.fta = 2.0 * (double)exact / (double)(our_count + count);
    for (size_t i = 0; i < n; i++)
        s.pa += strcmp(text[i], corrected->template[i]) == 0;
    s.pa /= (double)n;
    s.groups = groups;
    s.truth = count;
    free(truth);
    free(group);
    free(map);
    return s;
}

/* -- one set ----------------------------------------------------------------------------------- */

static char *text_of(const PatternTable *table, PatternRef ref)
{
    size_t size = pattern_text(table, ref, "<*>", NULL, 0);
    char *text = must(calloc(size + 1, 1));
    pattern_text(table, ref, "<*>", text, size);
    return text;
}

static void dump(const size_t *refs, const char *const *text, const Labels *original,
                 const Labels *corrected)
{
    for (size_t i = 0; i < corrected->count; i++)
        printf("%zu\t%s\t%s\t%s\t%s\n", refs[i], text[i], corrected->template[i],
               original -> template[i], corrected -> content[i]);
}

static bool score_set(const char *folder, const char *set, bool dumped, Score *ret_score)
{
    Labels original, corrected;
    if (!labels_read(folder, set, "structured", &original) ||
        !labels_read(folder, set, "structured_corrected", &corrected))
        return false;
    Mem mem = {0};
    PatternTable *table = must(pattern_table_open(&mem, SEED, 0));
    size_t n = corrected.count, *refs = must(calloc(n, sizeof *refs));
    for (size_t i = 0; i < n; i++) {
        static Value values[LEX_VALUES_MAX];
        Lexed lexed;
        Str line = str_of(corrected.content[i]);
        bool is_new;
        lex(line, SEED, values, &lexed);
        refs[i] = pattern_learn(table, line, &lexed, &is_new);
    }
    pattern_settle(table);
    const char **text = must(calloc(n, sizeof *text));
    for (size_t i = 0; i < n; i++) {
        refs[i] = pattern_root(table, (PatternRef)refs[i]);
        text[i] = text_of(table, (PatternRef)refs[i]);
    }
    *ret_score = score(refs, text, &original, &corrected);
    if (dumped)
        dump(refs, text, &original, &corrected);
    pattern_table_close(table);
    return true;
}

static void print_row(const char *name, Score s)
{
    printf("%-12s %6.3f %6.3f %6.3f %6.3f %7zu %7zu\n", name, s.ga, s.fga, s.pa, s.fta, s.groups,
           s.truth);
}

static bool is_below(const char *name, double value, double floor)
{
    if (value >= floor)
        return false;
    printf("below its floor: %s %.4f < %.4f\n", name, value, floor);
    return true;
}

int main(int argc, char **argv)
{
    double floors[5] = {0};
    const char *folder = getenv("ODDBALL_DATA"), *only = NULL;
    char path[4096];
    int arg = 1;
    if (arg + 1 < argc && strcmp(argv[arg], "--dump") == 0) {
        only = argv[arg + 1];
        arg += 2;
    }
    if (arg + 5 < argc && strcmp(argv[arg], "--floors") == 0) {
        for (int i = 0; i < 5; i++)
            floors[i] = atof(argv[arg + 1 + i]);
        arg += 6;
    }
    snprintf(path, sizeof path, "%s/logs/loghub2k",
             folder != NULL ? folder
             : argc > arg   ? argv[arg]
                            : "");
    if (only == NULL)
        printf("%-12s %6s %6s %6s %6s %7s %7s\n", "set", "GA", "FGA", "PA", "FTA", "ours",
               "theirs");
    Score mean = {0};
    double ga_min = 1;
    for (size_t i = 0; i < SET_COUNT; i++) {
        Score s;
        if (only != NULL && strcmp(only, sets[i]) != 0)
            continue;
        if (!score_set(path, sets[i], only != NULL, &s)) {
            printf("skipped: no data\n");
            return 77;
        }
        mean.ga += s.ga / SET_COUNT;
        mean.fga += s.fga / SET_COUNT;
        mean.pa += s.pa / SET_COUNT;
        mean.fta += s.fta / SET_COUNT;
        mean.groups += s.groups;
        mean.truth += s.truth;
        ga_min = s.ga < ga_min ? s.ga : ga_min;
        if (only == NULL)
            print_row(sets[i], s);
    }
    if (only != NULL)
        return 0;
    print_row("mean", mean);
    bool below = is_below("GA", mean.ga, floors[0]);
    below = is_below("lowest GA", ga_min, floors[1]) || below;
    below = is_below("FGA", mean.fga, floors[2]) || below;
    below = is_below("PA", mean.pa, floors[3]) || below;
    below = is_below("FTA", mean.fta, floors[4]) || below;
    return below;
}
