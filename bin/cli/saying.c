/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/saying.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "input/clock.h"

static const char *const scope_keys[] = {"source", "pattern", "signal", "host", "kind", "text"};
#define KEY_COUNT (sizeof scope_keys / sizeof scope_keys[0])

const char *tree_text(const JsonTree *object, const char *name)
{
    const char *text = "";
    json_tree_text(json_tree_member(object, name), &text, NULL);
    return text;
}

int64_t tree_count(const JsonTree *object, const char *name)
{
    int64_t count = 0;
    json_tree_integer(json_tree_member(object, name), &count);
    return count;
}

/* -- putting it together ----------------------------------------------------------------------- */

static void member(Json *json, const char *name, const char *text, size_t size)
{
    if (text == NULL)
        return;
    json_name(json, name);
    json_text(json, text, size);
}

/* The key that a part of the scope begins with, "source=..."; NULL: none. */
static const char *key_at(const char *text)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        size_t size = strlen(scope_keys[i]);
        if (strncmp(text, scope_keys[i], size) == 0 && text[size] == '=')
            return scope_keys[i];
    }
    return NULL;
}

static size_t key_index(const char *key)
{
    size_t i = 0;
    while (strcmp(scope_keys[i], key) != 0)
        i++;
    return i;
}

/* A comma ends a part where a key follows it: texts may have commas. */
static size_t part_size(const char *text)
{
    size_t size = 0;
    while (text[size] != '\0' && !(text[size] == ',' && key_at(text + size + 1) != NULL))
        size++;
    return size;
}

/* Of what has no comma in it: ",sorce=x" is a key that was mistyped. */
static bool part_fits(const char *key, const char *text, size_t size)
{
    const char *comma = memchr(text, ',', size);
    size_t word = comma != NULL ? strspn(comma + 1, "abcdefghijklmnopqrstuvwxyz_") : 0;
    bool is_free =
        strcmp(key, "source") != 0 && strcmp(key, "host") != 0 && strcmp(key, "kind") != 0;
    if (is_free || word == 0 || comma[1 + word] != '=')
        return true;
    complain(
        "--scope has no key \"%.*s\"; the keys are source, pattern, signal, host, kind and text",
        (int)word, comma + 1);
    return false;
}

static bool write_scope(const char *scope, Json *json)
{
    static const char *const words[] = {"this", "signal", "like", "source", "everywhere"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(scope, words[i]) == 0) {
            member(json, "scope", scope, strlen(scope));
            return true;
        }
    for (unsigned seen = 0;;) {
        const char *key = key_at(scope);
        if (key == NULL) {
            complain("--scope is this, signal, like, source or everywhere, or begins with source=, "
                     "pattern=, signal=, host=, kind= or text=: not \"%s\"", scope);
            return false;
        }
        size_t size = part_size(scope), name = strlen(key) + 1;
        unsigned bit = 1u << key_index(key);
        if (seen & bit) {
            complain("--scope says %s twice", key);
            return false;
        }
        if (!part_fits(key, scope + name, size - name))
            return false;
        seen |= bit;
        member(json, key, scope + name, size - name);
        if (scope[size] == '\0')
            return true;
        scope += size + 1;
    }
}

/* A span counts from now on. */
static odd_time end_of(Moment moment)
{
    odd_time now = clock_now();
    return moment.kind == MOMENT_BEFORE_END ? now + moment.time : moment_resolve(moment, now, now);
}

const char *const saying_options[] = {"scope",  "ends",    "forever", "reason",
                                      "author", "dry-run", "server",  NULL};

static bool write_saying(const Options *options, const char *verdict, const char *finding,
                         const char *with, Buffer *body)
{
    Json        json = {.out = body};
    const char *author = options->author ? options->author : getenv("USER");
    if (options->until.kind != MOMENT_NONE && options->forever) {
        complain("--ends and --forever do not go together: leave one of them out");
        return false;
    }
    if (options->until.kind != MOMENT_NONE && end_of(options->until) <= clock_now()) {
        complain("--ends is over already; a good value is 7d (in seven days)");
        return false;
    }
    json_open(&json, '{');
    member(&json, "verdict", verdict, strlen(verdict));
    if (finding != NULL)
        member(&json, "finding", finding, strlen(finding));
    if (with != NULL)
        member(&json, "with", with, strlen(with));
    if (options->scope != NULL && !write_scope(options->scope, &json))
        return false;
    if (options->until.kind != MOMENT_NONE) {
        json_name(&json, "until");
        json_time(&json, end_of(options->until));
    } else if (options->forever) {
        member(&json, "until", "forever", strlen("forever"));
    }
    if (options->reason != NULL)
        member(&json, "reason", options->reason, strlen(options->reason));
    if (author != NULL && author[0] != '\0')
        member(&json, "author", author, strlen(author));
    json_close(&json, '}');
    return true;
}

/* -- the server -------------------------------------------------------------------------------- */

static JsonTree *get_either(Remote *remote, const char *path, const char *other, bool *ret_is_other)
{
    char problem[sizeof remote->problem];
    JsonTree *tree = remote_get(remote, path);
    if (tree != NULL)
        return tree;
    memcpy(problem, remote->problem, sizeof problem);
    tree = remote_get(remote, other);
    *ret_is_other = tree != NULL;
    if (tree == NULL)
        memcpy(remote->problem, problem, sizeof problem);
    return tree;
}

/* other: NULL: there is none. */
static JsonTree *ask(const Options *options, const char *method, const char *path, const char *body,
                     const char *other, bool *ret_is_other)
{
    House     house;
    Remote    remote;
    JsonTree *tree = NULL;
    if (!house_open_this_server(options, &house))
        return NULL;
    if (remote_open(&house, interrupt_watch(), &remote))
        tree = other != NULL ? get_either(&remote, path, other, ret_is_other)
                             : remote_send(&remote, method, path, body);
    if (tree == NULL)
        complain("%s", remote.problem);
    remote_close(&remote);
    house_close(&house);
    return tree;
}

JsonTree *saying_ask(const Options *options, const char *method, const char *path, const char *body)
{
    return ask(options, method, path, body, NULL, NULL);
}

JsonTree *saying_ask_either(const Options *options, const char *path, const char *other,
                            bool *ret_is_other)
{
    *ret_is_other = false;
    return ask(options, NULL, path, NULL, other, ret_is_other);
}

void saying_effect(Buffer *out, const char *span, const char *verdict, const char *id,
                   const int64_t counts[5])
{
    bool is_link = strcmp(verdict, "link") == 0 || strcmp(verdict, "unlink") == 0;
    bool hides = strcmp(verdict, "real") != 0 && strcmp(verdict, "unsure") != 0;
    if (is_link) {
        buffer_format(out, "%s %s\n", verdict, id);
        return;
    }
    buffer_format(out, "%s %s ", verdict, id);
    if (hides)
        buffer_format(out, "would have hidden %" PRId64, counts[2]);
    else
        buffer_format(out, "fits %" PRId64, counts[1]);
    buffer_format(out, " of %" PRId64 " finding%s%s, %" PRId64 " that %s marked real", counts[0],
                  counts[0] == 1 ? "" : "s", span, counts[3], counts[3] == 1 ? "was" : "were");
    if (counts[4] > 0)
        buffer_format(out, "; %" PRId64 " %s too odd for it", counts[4],
                      counts[4] == 1 ? "was" : "were");
    buffer_puts(out, "\n");
}

static void print_items(Buffer *out, const JsonTree *items)
{
    for (size_t i = 0; i < json_tree_count(items); i++) {
        const JsonTree *item = json_tree_item(items, i);
        int64_t counts[5] = {tree_count(item, "looked_at"), tree_count(item, "fits"),
                             tree_count(item, "hidden"), tree_count(item, "real"),
                             tree_count(item, "broken")};
        saying_effect(out, " of the last 30 days", tree_text(item, "verdict"),
                      tree_text(item, "id"), counts);
    }
}

int saying_send(const Options *options, const char *body)
{
    JsonTree *answer = saying_ask(
        options, NULL, options->dry_run ? "/api/v1/verdicts:test" : "/api/v1/verdicts", body);
    if (answer == NULL)
        return STATUS_ERROR;
    Out out = {.descriptor = STDOUT_FILENO};
    const JsonTree *items = json_tree_member(answer, "items");
    print_items(&out.text, items);
    if (!options->dry_run && json_tree_count(items) == 1)
        buffer_format(&out.text, "It counts from now on; `oddball undo %s` takes it back.\n",
                      tree_text(json_tree_item(items, 0), "id"));
    json_tree_free(answer);
    return help_done(&out);
}

int saying_say(const Options *options, const char *verdict, const char *finding, const char *with)
{
    Buffer body = {0};
    int status = STATUS_ERROR;
    if (write_saying(options, verdict, finding, with, &body))
        status = saying_send(options, buffer_text(&body));
    buffer_free(&body);
    return status;
}
