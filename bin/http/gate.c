/* SPDX-License-Identifier: Apache-2.0 */
#include "http/gate.h"

#include <string.h>
#include <strings.h>

/* RFC 9110: the only characters of a header's name.  One with a space behind it is read as another
 * name here than by a proxy before us. */
static bool is_token(const char *name)
{
    static const char marks[] = "!#$%&'*+-.^_`|~";
    for (const char *at = name; *at != '\0'; at++) {
        bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');
        if (!letter && !(*at >= '0' && *at <= '9') && strchr(marks, *at) == NULL)
            return false;
    }
    return name[0] != '\0';
}

void gate_note(HeaderForm *form, const char *name, const char *value)
{
    form->odd_names += !is_token(name);
    if (strcasecmp(name, "Content-Length") == 0) {
        form->lengths++;
        form->length = value;
    } else if (strcasecmp(name, "Transfer-Encoding") == 0) {
        form->encodings++;
        form->encoding = value;
    } else if (strcasecmp(name, "Host") == 0) {
        form->hosts++;
        form->host = value;
    } else if (strcasecmp(name, "Origin") == 0) {
        form->origin = value;
    } else if (strcasecmp(name, "Sec-Fetch-Site") == 0) {
        form->site = value;
    } else if (strcasecmp(name, "Authorization") == 0) {
        form->authorization = value;
    } else if (strcasecmp(name, "Content-Type") == 0) {
        form->type = value;
    } else if (strcasecmp(name, "Expect") == 0) {
        form->expect = value;
    }
}

const char *gate_form(const HeaderForm *form)
{
    if (form->odd_names > 0)
        return "the name of a header has a character that none may have; look for spaces before a "
               "colon";
    if (form->lengths > 1)
        return "the header says more than once how long the body is; send one Content-Length";
    if (form->encodings > 1 || (form->encodings == 1 && form->lengths == 1))
        return "the header says in two ways how long the body is; send either one Content-Length "
               "or Transfer-Encoding: chunked";
    if (form->encodings == 1 && strcasecmp(form->encoding, "chunked") != 0)
        return "the Transfer-Encoding is unknown here; send Transfer-Encoding: chunked or a "
               "Content-Length";
    if (form->encodings == 1 && !form->modern)
        return "HTTP/1.0 knows no Transfer-Encoding; send a Content-Length";
    if (form->lengths == 1 && (form->length[0] == '\0' || strlen(form->length) > 18 ||
                               strspn(form->length, "0123456789") != strlen(form->length)))
        return "the Content-Length is no number of bytes; send it as decimal digits";
    if (form->hosts > 1 || (form->hosts == 0 && form->modern))
        return "the header must say once whom it asks; send one Host";
    if (form->expect != NULL && strcasecmp(form->expect, "100-continue") != 0)
        return "the Expect is unknown here; send Expect: 100-continue or none";
    return NULL;
}

/* How many bytes of "NAME:PORT" are the name. */
static size_t name_size(const char *host)
{
    if (host[0] == '[')
        return strcspn(host, "]") + (strchr(host, ']') != NULL ? 1 : 0);
    return strcspn(host, ":");
}

bool gate_host_is_ours(const char *host, const char *const *names)
{
    static const char *const always[] = {"localhost", "127.0.0.1", "[::1]", NULL};
    size_t                   size = name_size(host);
    if (host[size] != '\0' &&
        (host[size] != ':' || strspn(host + size + 1, "0123456789") != strlen(host + size + 1)))
        return false;
    for (int kind = 0; kind < 2; kind++) {
        const char *const *list = kind == 0 ? always : names;
        for (; list != NULL && *list != NULL; list++) {
            if (strlen(*list) == size && strncasecmp(*list, host, size) == 0)
                return true;
        }
    }
    return false;
}

bool gate_origin_is(const char *origin, const char *host)
{
    const char *scheme = strstr(origin, "://");
    return scheme != NULL && host != NULL && strcasecmp(scheme + 3, host) == 0;
}

/* Looks at every byte of both, so that time tells nothing about the token but its length. */
static bool same_secret(const char *given, const char *secret)
{
    if (secret == NULL || secret[0] == '\0')
        return false;
    size_t   given_size = strlen(given), size = strlen(secret);
    unsigned different = given_size != size;
    for (size_t i = 0; i < size; i++)
        different |=
            (unsigned char)secret[i] ^ (unsigned char)given[given_size > 0 ? i % given_size : 0];
    return different == 0;
}

HttpScope gate_scope(const char *authorization, const char *token, const char *ingest_token)
{
    if (authorization == NULL || strncasecmp(authorization, "Bearer ", 7) != 0)
        return HTTP_SCOPE_OPEN;
    const char *given = authorization + 7;
    given += strspn(given, " ");
    bool all = same_secret(given, token);
    bool ingest = same_secret(given, ingest_token);
    return all ? HTTP_SCOPE_ALL : ingest ? HTTP_SCOPE_INGEST : HTTP_SCOPE_OPEN;
}

void lockout_begin(Lockout *lockout)
{
    memset(lockout, 0, sizeof *lockout);
    pthread_mutex_init(&lockout->lock, NULL);
}

void lockout_end(Lockout *lockout)
{
    pthread_mutex_destroy(&lockout->lock);
}

/* Where a peer stands, or -1. */
static int lockout_find(const Lockout *lockout, Peer peer, int64_t now_ns)
{
    for (int i = 0; i < LOCKOUT_PEERS; i++) {
        if (lockout->peers[i].until_ns > now_ns &&
            memcmp(&lockout->peers[i].peer, &peer, sizeof peer) == 0)
            return i;
    }
    return -1;
}

bool lockout_holds(Lockout *lockout, Peer peer, int64_t now_ns)
{
    pthread_mutex_lock(&lockout->lock);
    int  found = lockout_find(lockout, peer, now_ns);
    bool holds = found >= 0 && lockout->peers[found].tries >= LOCKOUT_TRIES;
    pthread_mutex_unlock(&lockout->lock);
    return holds;
}

void lockout_failed(Lockout *lockout, Peer peer, int64_t now_ns)
{
    pthread_mutex_lock(&lockout->lock);
    int found = lockout_find(lockout, peer, now_ns);
    if (found < 0) {
        found = 0; /* The place that is forgotten first. */
        for (int i = 1; i < LOCKOUT_PEERS; i++) {
            if (lockout->peers[i].until_ns < lockout->peers[found].until_ns)
                found = i;
        }
        lockout->peers[found].peer = peer;
        lockout->peers[found].tries = 0;
    }
    lockout->peers[found].tries++;
    lockout->peers[found].until_ns = now_ns + (int64_t)LOCKOUT_S * 1000000000;
    pthread_mutex_unlock(&lockout->lock);
}
