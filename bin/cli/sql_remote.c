/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sql_remote.h"

#include <stdio.h>
#include <string.h>

#include "cli/complain.h"
#include "cli/json.h"
#include "http/client.h"
#include "http/json_tree.h"
#include "lake/answer_build.h"

#define ANSWER_BYTES_MAX (128u << 20)
#define SECONDS_MORE 10 /* The server is the one who ends a question in time. */

static void cell_add(FrameBuffer *frames, const JsonTree *value)
{
    bool truth;
    int64_t integer;
    double real;
    const char *text;
    size_t size;
    if (json_tree_bool(value, &truth)) {
        frame_add(frames, FRAME_BOOL, truth ? "\1" : "\0", 1);
    } else if (json_tree_integer(value, &integer)) {
        frame_add_u64(frames, FRAME_INT, (uint64_t)integer);
    } else if (json_tree_real(value, &real)) {
        uint64_t bits;
        memcpy(&bits, &real, sizeof bits);
        frame_add_u64(frames, FRAME_REAL, bits);
    } else if (json_tree_text(value, &text, &size)) {
        frame_add(frames, FRAME_TEXT, text, size);
    } else {
        frame_add(frames, FRAME_MISSING, NULL, 0);
    }
}

/* NULL: it is no such answer. */
static SqlAnswer *answer_of(const JsonTree *tree)
{
    const JsonTree *columns = json_tree_member(tree, "columns");
    const JsonTree *rows = json_tree_member(tree, "rows");
    FrameBuffer frames = {0};
    size_t column_count = json_tree_count(columns);
    for (size_t i = 0; i < column_count; i++) {
        const char *name = "";
        size_t size = 0;
        json_tree_text(json_tree_item(columns, i), &name, &size);
        frame_add(&frames, FRAME_COLUMN, name, size);
    }
    for (size_t row = 0; row < json_tree_count(rows); row++)
        for (size_t i = 0; i < column_count; i++)
            cell_add(&frames, json_tree_item(json_tree_item(rows, row), i));
    bool cut;
    if (json_tree_bool(json_tree_member(tree, "cut"), &cut) && cut)
        frame_add(&frames, FRAME_CUT, NULL, 0);
    const char *note;
    size_t note_size;
    if (json_tree_text(json_tree_member(tree, "note"), &note, &note_size))
        frame_add(&frames, FRAME_NOTE, note, note_size);
    SqlAnswer *answer = column_count > 0 ? answer_build(&frames) : NULL;
    frames_free(&frames);
    return answer;
}

/* What went wrong, of a body as RFC 9457 has it. */
static void complain_of(const House *house, const ClientAnswer *answer, const JsonTree *tree)
{
    const char *detail;
    if (answer->status == 0)
        complain("the server at %s does not answer: %s", house->server, answer->problem);
    else if (json_tree_text(json_tree_member(tree, "detail"), &detail, NULL) ||
             json_tree_text(json_tree_member(tree, "title"), &detail, NULL))
        complain("%s", detail);
    else
        complain("the server at %s answers with status %d", house->server, answer->status);
}

SqlAnswer *sql_remote(const House *house, const char *sql, const atomic_bool *stop)
{
    char url[600], authorization[sizeof house->token + 32];
    Buffer body = {0};
    Json json = {.out = &body};
    json_open(&json, '{');
    json_name(&json, "sql");
    json_text(&json, sql, strlen(sql));
    json_close(&json, '}');
    snprintf(url, sizeof url, "%s/api/v1/sql", house->server);
    snprintf(authorization, sizeof authorization, "Authorization: Bearer %s", house->token);
    const char *headers[] = {"Content-Type: application/json", authorization};
    ClientRequest request = {.url = url,
                             .headers = headers,
                             .header_count = house->token[0] != '\0' ? 2 : 1,
                             .body = buffer_text(&body),
                             .body_size = body.size,
                             .total_s = house->settings.sql_seconds + SECONDS_MORE,
                             .answer_bytes = ANSWER_BYTES_MAX,
                             .stop = stop};
    SqlAnswer *result = NULL;
    Client *client = client_open();
    if (client == NULL) {
        complain("out of memory");
    } else {
        ClientAnswer answer;
        char problem[256] = "";
        client_ask(client, &request, &answer);
        JsonTree *tree = answer.status != 0
                             ? json_tree_read(answer.body, answer.size, problem, sizeof problem)
                             : NULL;
        if (answer.status == 200)
            result = answer_of(tree);
        if (answer.status == 200 && result == NULL)
            complain("what the server at %s answers cannot be read: %s", house->server, problem);
        else if (answer.status != 200)
            complain_of(house, &answer, tree);
        json_tree_free(tree);
        client_answer_free(&answer);
    }
    client_close(client);
    buffer_free(&body);
    explicit_bzero(authorization, sizeof authorization);
    return result;
}
