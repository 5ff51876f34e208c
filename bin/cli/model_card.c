/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/model_card.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/field.h"
#include "cli/help.h"
#include "cli/html.h"
#include "cli/json.h"
#include "cli/model_speed.h"
#include "cli/visible.h"
#include "cli/words.h"

#define SHOWN_MAX 12 /* Of what was tried, and of inputs. */

typedef struct {
    const char *part, *title;
} Part;

/* In the order in which they are read. */
static const Part parts[] = {
    {"model", "Model"},          {"metric", "On rows it has never seen"},
    {"baseline", "Baselines on the same rows"},
    {"gain", "Better than the baselines by"}, {"group", "By group"},
    {"fairness", "Gaps between groups"},      {"importance", "What the inputs are worth"},
    {"member", "Learners in it"},             {"tried", "Tried and left"},
    {"search", "Search"},                     {"data", "Rows"},
    {"size", "Size"},                         {"speed", "Speed"},
    {"note", "To be known"},
};
#define PART_COUNT (sizeof parts / sizeof parts[0])

typedef struct {
    Piece  part, name, text;
    double value, lower, upper;
} Line;

typedef struct {
    Pool   pool;
    Line  *lines;
    size_t count, capacity;
} Card;

static Line *card_add(Card *card)
{
    if (card->count == card->capacity) {
        size_t capacity = card->capacity > 0 ? 2 * card->capacity : 64;
        Line *grown = pool_take(&card->pool, capacity * sizeof *grown);
        if (card->count > 0)
            memcpy(grown, card->lines, card->count * sizeof *grown);
        card->lines = grown;
        card->capacity = capacity;
    }
    return &card->lines[card->count++];
}

static Piece keep(Card *card, const odd_rows *rows, const char *column)
{
    Piece piece = field_text(rows, odd_column(rows, column));
    return pool_keep(&card->pool, piece.text, piece.size);
}

static void card_say(Card *card, const char *part, const char *name, double value, const char *text)
{
    *card_add(card) = (Line){.part = pool_keep(&card->pool, part, strlen(part)),
                             .name = pool_keep(&card->pool, name, strlen(name)),
                             .text = pool_keep(&card->pool, text, strlen(text)),
                             .value = value,
                             .lower = NAN,
                             .upper = NAN};
}

/* Who it is, as the registry has it. */
static odd_rc card_begin(Card *card, RegistryHome *home, const odd_predictor *predictor)
{
    static const char *const columns[] = {"state", "origin", "dataset"};
    odd_rows *rows;
    odd_rc rc =
        odd_registry_query(home->registry, ODD_TRAINED, odd_predictor_name(predictor), &rows);
    if (rc != ODD_OK)
        return rc;
    card_say(card, "model", "name", NAN, odd_predictor_name(predictor));
    card_say(card, "model", "version", NAN, odd_predictor_version(predictor));
    while (odd_next(rows) == ODD_ROW) {
        if (strcmp(odd_text(rows, odd_column(rows, "version")), odd_predictor_version(predictor)) !=
            0)
            continue;
        Buffer time = {0};
        for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
            card_say(card, "model", columns[i], NAN, odd_text(rows, odd_column(rows, columns[i])));
        words_time(&time, odd_int(rows, odd_column(rows, "made")));
        card_say(card, "model", "made", NAN, buffer_text(&time));
        card_say(card, "model", "beats the baselines", NAN,
                 odd_int(rows, odd_column(rows, "beats")) ? "yes" : "no");
        buffer_free(&time);
    }
    odd_rows_close(rows);
    return ODD_OK;
}

static odd_rc card_read(Card *card, RegistryHome *home, const char *model)
{
    odd_rows *rows;
    odd_rc rc = odd_registry_query(home->registry, ODD_CARD, model, &rows);
    if (rc != ODD_OK)
        return rc;
    while (odd_next(rows) == ODD_ROW) {
        Line line = {.part = keep(card, rows, "part"),
                     .name = keep(card, rows, "name"),
                     .text = keep(card, rows, "text"),
                     .value = odd_double(rows, odd_column(rows, "value")),
                     .lower = odd_double(rows, odd_column(rows, "lower")),
                     .upper = odd_double(rows, odd_column(rows, "upper"))};
        *card_add(card) = line;
    }
    odd_rows_close(rows);
    return ODD_OK;
}

/* Of the inputs the most worth first; where that is the same, in their order. */
static void card_order(Card *card)
{
    for (size_t i = 1; i < card->count; i++)
        for (size_t j = i; j > 0 && strcmp(card->lines[j].part.text, "importance") == 0 &&
                           strcmp(card->lines[j - 1].part.text, "importance") == 0 &&
                           card->lines[j].value > card->lines[j - 1].value;
             j--) {
            Line kept = card->lines[j];
            card->lines[j] = card->lines[j - 1];
            card->lines[j - 1] = kept;
        }
}

/* -- text ------------------------------------------------------------------------------------- */

static void line_value(Buffer *out, const Line *line)
{
    if (!isnan(line->value))
        buffer_format(out, "%.6g", line->value);
    if (!isnan(line->lower) && !isnan(line->upper))
        buffer_format(out, " (%.6g to %.6g)", line->lower, line->upper);
}

static void show_text(Buffer *out, const Card *card)
{
    for (size_t p = 0; p < PART_COUNT; p++) {
        size_t shown = 0, all = 0;
        for (size_t i = 0; i < card->count; i++) {
            const Line *line = &card->lines[i];
            if (strcmp(line->part.text, parts[p].part) != 0)
                continue;
            if (all++ == 0)
                buffer_format(out, "%s\n", parts[p].title);
            if (shown == SHOWN_MAX && (p == 6 || p == 8))
                continue;
            shown++;
            buffer_puts(out, "    ");
            visible_add(out, line->name.text, line->name.size);
            buffer_puts(out, isnan(line->value) ? ": " : "  ");
            line_value(out, line);
            if (line->text.size > 0 && !isnan(line->value))
                buffer_puts(out, ", ");
            visible_add(out, line->text.text, line->text.size);
            buffer_puts(out, "\n");
        }
        if (all > shown)
            buffer_format(out, "    and %zu more\n", all - shown);
    }
}

/* -- JSON ------------------------------------------------------------------------------------- */

static void show_json(Buffer *out, const Card *card)
{
    Json json = {.out = out};
    json_open(&json, '{');
    json_name(&json, "card");
    json_open(&json, '[');
    for (size_t i = 0; i < card->count; i++) {
        const Line *line = &card->lines[i];
        json_open(&json, '{');
        json_name(&json, "part");
        json_piece(&json, line->part);
        json_name(&json, "name");
        json_piece(&json, line->name);
        json_name(&json, "value");
        json_exact(&json, line->value);
        json_name(&json, "lower");
        json_exact(&json, line->lower);
        json_name(&json, "upper");
        json_exact(&json, line->upper);
        json_name(&json, "text");
        json_piece(&json, line->text);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_close(&json, '}');
    buffer_puts(out, "\n");
}

/* -- a page ----------------------------------------------------------------------------------- */

static void show_html(Buffer *out, const Card *card)
{
    buffer_puts(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                     "<meta name=\"viewport\" content=\"width=device-width\"><title>Model card"
                     "</title>\n<style>body{font:15px/1.45 system-ui,sans-serif;max-width:60em;"
                     "margin:2em auto;padding:0 1em}table{border-collapse:collapse;width:100%}"
                     "td{padding:.2em .6em;border-bottom:1px solid #ddd;vertical-align:top}"
                     "td.n{text-align:right;white-space:nowrap}"
                     "@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}"
                     "td{border-color:#333}}</style></head><body>\n<h1>Model card</h1>\n");
    for (size_t p = 0; p < PART_COUNT; p++) {
        bool any = false;
        for (size_t i = 0; i < card->count; i++) {
            const Line *line = &card->lines[i];
            if (strcmp(line->part.text, parts[p].part) != 0)
                continue;
            if (!any)
                buffer_format(out, "<h2>%s</h2>\n<table>\n", parts[p].title);
            any = true;
            buffer_puts(out, "<tr><td>");
            html_piece(out, line->name);
            buffer_puts(out, "</td><td class=\"n\">");
            line_value(out, line);
            buffer_puts(out, "</td><td>");
            html_piece(out, line->text);
            buffer_puts(out, "</td></tr>\n");
        }
        if (any)
            buffer_puts(out, "</table>\n");
    }
    buffer_puts(out, "</body></html>\n");
}

int model_card(const Options *options, RegistryHome *home, const char *model)
{
    Card card = {0};
    odd_predictor *predictor;
    odd_rc rc = odd_predictor_open(home->registry, model, &predictor);
    if (rc != ODD_OK)
        return registry_home_failed(home, rc);
    rc = card_begin(&card, home, predictor);
    if (rc == ODD_OK)
        rc = card_read(&card, home, model);
    if (rc == ODD_OK) {
        card_say(&card, "speed", "microseconds for one row, here and now",
                 model_microseconds(predictor), "");
        card_order(&card);
    }
    odd_predictor_close(predictor);
    if (rc != ODD_OK) {
        pool_free(&card.pool);
        return registry_home_failed(home, rc);
    }
    Out out = {.descriptor = STDOUT_FILENO};
    if (options->format == FORMAT_JSON)
        show_json(&out.text, &card);
    else if (options->format == FORMAT_HTML)
        show_html(&out.text, &card);
    else
        show_text(&out.text, &card);
    pool_free(&card.pool);
    return help_done(&out);
}
