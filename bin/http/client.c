/* SPDX-License-Identifier: Apache-2.0 */
#include "http/client.h"

#include <assert.h>
#include <oddball.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <curl/curl.h>

#define MAIL_ADDRESS_SIZE 320
#define MAIL_TAKEN 250 /* As RFC 5321 has it. */
#define WAIT_MS 200 /* How often the stop is looked at. */

struct Client {
    CURLM *multi; /* Keeps connections; lets a wait be broken off. */
    CURL  *easy;
};

/* One request at work. */
typedef struct {
    const ClientRequest *request;
    ClientAnswer        *answer;
    CURL                *easy;
    ClientLine           line; /* NULL: the whole body. */
    void                *context;
    size_t               limit, capacity;
    size_t               sent; /* Of a message. */
    double               last_byte_s;
    bool                 is_line_end; /* Behind a CR: an LF is its second half. */
    bool                 too_large, no_memory, refused, ended;
    char                 origin[160];
    char                 detail[CURL_ERROR_SIZE];
} Work;

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void problem_say(Work *work, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void problem_say(Work *work, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(work->answer->problem, sizeof work->answer->problem, format, arguments);
    va_end(arguments);
}

/* -- addresses ------------------------------------------------------------------------------ */

static bool part_copy(CURLU *url, CURLUPart part, unsigned flags, char *to, size_t size)
{
    char *text = NULL;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK)
        return false;
    int length = snprintf(to, size, "%s", text);
    curl_free(text);
    return length > 0 && (size_t)length < size;
}

bool client_is_mail(const char *url)
{
    return strncasecmp(url, "smtp://", 7) == 0 || strncasecmp(url, "smtps://", 8) == 0;
}

static CURLU *url_read(const char *text)
{
    char   scheme[8];
    CURLU *url = curl_url();
    if (url != NULL && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
        part_copy(url, CURLUPART_SCHEME, 0, scheme, sizeof scheme) &&
        (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0 || client_is_mail(text)))
        return url;
    curl_url_cleanup(url);
    return NULL;
}

bool client_host(const char *text, char *to, size_t size)
{
    CURLU *url = url_read(text);
    bool   good = url != NULL && part_copy(url, CURLUPART_HOST, 0, to, size);
    curl_url_cleanup(url);
    return good;
}

bool client_origin(const char *text, char *to, size_t size)
{
    char   scheme[8], host[256], port[8];
    CURLU *url = url_read(text);
    bool   good = url != NULL && part_copy(url, CURLUPART_SCHEME, 0, scheme, sizeof scheme) &&
                part_copy(url, CURLUPART_HOST, 0, host, sizeof host) &&
                part_copy(url, CURLUPART_PORT, CURLU_DEFAULT_PORT, port, sizeof port);
    curl_url_cleanup(url);
    if (!good)
        return false;
    int length = snprintf(to, size, "%s://%s:%s", scheme, host, port);
    return length > 0 && (size_t)length < size;
}

static curl_socket_t on_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    Work *work = context;
    (void)purpose; /* Only connections are made. */
    if (!reach_allows(work->request->reach, &address->addr)) {
        work->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* -- the body ------------------------------------------------------------------------------- */

static bool body_add(Work *work, const char *bytes, size_t size)
{
    ClientAnswer *answer = work->answer;
    if (size > work->limit - answer->size) {
        work->too_large = true;
        return false;
    }
    size_t needed = answer->size + size + 1;
    if (needed > work->capacity) {
        size_t capacity = work->capacity * 2 > needed ? work->capacity * 2 : needed;
        char  *body = realloc(answer->body, capacity);
        if (body == NULL) {
            work->no_memory = true;
            return false;
        }
        answer->body = body;
        work->capacity = capacity;
    }
    memcpy(answer->body + answer->size, bytes, size);
    answer->size += size;
    answer->body[answer->size] = '\0';
    return true;
}

/* CR, LF and CR LF end a line, as server-sent events have it. */
static bool lines_add(Work *work, const char *bytes, size_t size)
{
    size_t from = 0;
    if (work->is_line_end && bytes[0] == '\n')
        from = 1;
    work->is_line_end = false;
    while (from < size) {
        size_t to = from;
        while (to < size && bytes[to] != '\n' && bytes[to] != '\r')
            to++;
        if (!body_add(work, bytes + from, to - from))
            return false;
        if (to == size)
            return true;
        bool more = work->line(work->context, work->answer->body, work->answer->size);
        work->answer->size = 0;
        if (!more) {
            work->ended = true;
            return false;
        }
        work->is_line_end = bytes[to] == '\r' && to + 1 == size;
        from = to + (bytes[to] == '\r' && to + 1 < size && bytes[to + 1] == '\n' ? 2 : 1);
    }
    return true;
}

static size_t on_bytes(char *bytes, size_t one, size_t size, void *context)
{
    Work *work = context;
    long  status = 0;
    (void)one; /* It is always 1. */
    if (size == 0)
        return 0;
    work->last_byte_s = now_s();
    curl_easy_getinfo(work->easy, CURLINFO_RESPONSE_CODE, &status);
    bool good = work->line != NULL && status == 200 ? lines_add(work, bytes, size)
                                                    : body_add(work, bytes, size);
    return good ? size : 0;
}

/* -- how it ended --------------------------------------------------------------------------- */

static void refused_say(Work *work)
{
    work->answer->hopeless = true;
    if (work->request->reach == REACH_PUBLIC)
        problem_say(work,
                    "will not connect to %s: its name stands for a private or link-local address; "
                    "if that is meant, allow its host",
                    work->origin);
    else
        problem_say(work,
                    "will not connect to %s: it is a link-local or reserved address, which is "
                    "never allowed",
                    work->origin);
}

/* What curl says of a certificate is the cause that people know. */
static void code_say(Work *work, CURLcode code)
{
    const char *detail = work->detail[0] ? work->detail : curl_easy_strerror(code);
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        problem_say(work,
                    "cannot find %s: its name is unknown; check the address and the name "
                    "service",
                    work->origin);
        return;
    case CURLE_COULDNT_CONNECT:
        problem_say(work, "cannot connect to %s: nothing answers there; is it running?",
                    work->origin);
        return;
    case CURLE_OPERATION_TIMEDOUT:
        problem_say(work, "%s did not answer in time", work->origin);
        return;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        work->answer->hopeless = true;
        problem_say(work, "the certificate of %s is not trusted: %s", work->origin, detail);
        return;
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
        problem_say(work, "%s broke the connection off", work->origin);
        return;
    default:
        problem_say(work, "asking %s failed: %s", work->origin, detail);
    }
}

static void end_say(Work *work, CURLcode code)
{
    if (work->too_large) {
        work->answer->hopeless = true;
        problem_say(work, "the answer of %s is longer than the %zu bytes that are allowed",
                    work->origin, work->limit);
    } else if (work->no_memory) {
        problem_say(work, "no memory for the answer of %s", work->origin);
    } else if (work->refused && code == CURLE_COULDNT_CONNECT) {
        refused_say(work);
    } else if (!work->ended) {
        code_say(work, code);
    }
}

static void answer_fill(Work *work, bool whole)
{
    char      *type = NULL;
    long       status = 0;
    curl_off_t retry_after = 0;
    curl_easy_getinfo(work->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(work->easy, CURLINFO_CONTENT_TYPE, &type);
    curl_easy_getinfo(work->easy, CURLINFO_RETRY_AFTER, &retry_after);
    if (work->request->mail_from != NULL) /* Of a server's yes to a part nothing follows. */
        status = whole ? MAIL_TAKEN : status >= 400 ? status : 0;
    work->answer->head_status = (int)status;
    if (whole || work->line != NULL)
        work->answer->status = (int)status;
    if (type != NULL)
        snprintf(work->answer->type, sizeof work->answer->type, "%s", type);
    work->answer->retry_after_s = (double)retry_after;
}

/* -- the work ------------------------------------------------------------------------------- */

/* All of it is freed if there is no memory for one more. */
static struct curl_slist *list_with(struct curl_slist *list, const char *text)
{
    struct curl_slist *longer = curl_slist_append(list, text);
    if (longer == NULL)
        curl_slist_free_all(list);
    return longer;
}

static struct curl_slist *headers_list(const ClientRequest *request)
{
    /* Without "Expect", which many servers answer late or never. */
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    for (size_t i = 0; i < request->header_count && list != NULL; i++)
        list = list_with(list, request->headers[i]);
    return list;
}

static struct curl_slist *recipients_list(const char *addresses)
{
    struct curl_slist *list = NULL;
    const char *at = addresses;
    do {
        char   address[MAIL_ADDRESS_SIZE];
        size_t size = strcspn(at, ",");
        snprintf(address, sizeof address, "%.*s", (int)size, at);
        list = list_with(list, address);
        at += size + (at[size] == ',');
    } while (*at != '\0' && list != NULL);
    return list;
}

static long milliseconds(double seconds, double usual)
{
    double wanted = seconds > 0 ? seconds : usual;
    return wanted < 1e6 ? (long)(wanted * 1000) : 1000000000L;
}

static void easy_set(Work *work)
{
    const ClientRequest *request = work->request;
    CURL                *easy = work->easy;
    curl_easy_reset(easy); /* Keeps its connections. */
    curl_easy_setopt(easy, CURLOPT_URL, request->url);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* No waiting for a slow name service. */
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, work->detail);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     milliseconds(request->connect_s, CLIENT_CONNECT_S));
    if (work->line == NULL || request->total_s > 0)
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, milliseconds(request->total_s, CLIENT_TOTAL_S));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, work);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, work);
    if (request->ca_file != NULL)
        curl_easy_setopt(easy, CURLOPT_CAINFO, request->ca_file);
}

static void web_set(Work *work, struct curl_slist *headers)
{
    const ClientRequest *request = work->request;
    CURL                *easy = work->easy;
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "oddball/" ODDBALL_VERSION);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    if (work->line == NULL)
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    if (request->method != NULL)
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
    if (request->body != NULL) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_size);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body);
    }
}

static size_t on_message(char *to, size_t one, size_t size, void *context)
{
    Work  *work = context;
    size_t left = work->request->body_size - work->sent;
    (void)one; /* It is always 1. */
    if (size > left)
        size = left;
    memcpy(to, (const char *)work->request->body + work->sent, size);
    work->sent += size;
    return size;
}

static bool has_user(const char *text)
{
    char   user[256];
    CURLU *url = url_read(text);
    bool   has = url != NULL && part_copy(url, CURLUPART_USER, 0, user, sizeof user);
    curl_url_cleanup(url);
    return has;
}

static void mail_set(Work *work, struct curl_slist *recipients)
{
    const ClientRequest *request = work->request;
    CURL                *easy = work->easy;
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(easy, CURLOPT_USE_SSL,
                     (long)(has_user(request->url) ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    curl_easy_setopt(easy, CURLOPT_MAIL_FROM, request->mail_from);
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L); /* The others still get it. */
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_message);
    curl_easy_setopt(easy, CURLOPT_READDATA, work);
}

static bool stop_asked(const Work *work)
{
    return work->request->stop != NULL && atomic_load(work->request->stop);
}

/* Runs until it is done (true, and how) or broken off. */
static bool transfer(Client *client, Work *work, CURLcode *ret_code)
{
    for (;;) {
        int       running = 0, left;
        CURLMcode rc = curl_multi_perform(client->multi, &running);
        CURLMsg  *message = curl_multi_info_read(client->multi, &left);
        if (message != NULL && message->msg == CURLMSG_DONE) {
            *ret_code = message->data.result;
            return true;
        }
        if (rc == CURLM_OK)
            rc = curl_multi_poll(client->multi, NULL, 0, WAIT_MS, NULL);
        if (rc != CURLM_OK) {
            problem_say(work, "asking %s failed: %s", work->origin, curl_multi_strerror(rc));
            return false;
        }
        if (stop_asked(work)) {
            work->answer->stopped = true;
            problem_say(work, "asking %s was broken off", work->origin);
            return false;
        }
        if (work->request->idle_s > 0 && now_s() - work->last_byte_s > work->request->idle_s) {
            problem_say(work, "%s was silent for %.0f s", work->origin, work->request->idle_s);
            return false;
        }
    }
}

static int work_run(Client *client, Work *work)
{
    ClientAnswer *answer = work->answer;
    *answer = (ClientAnswer){.body = calloc(1, 1)};
    work->easy = client->easy;
    work->capacity = 1;
    work->limit = work->request->answer_bytes ? work->request->answer_bytes : CLIENT_ANSWER_BYTES;
    work->last_byte_s = now_s();
    bool is_mail = work->request->mail_from != NULL;
    struct curl_slist *list =
        is_mail ? recipients_list(work->request->mail_to) : headers_list(work->request);
    if (answer->body == NULL || list == NULL) {
        problem_say(work, "no memory for a request");
        goto out;
    }
    if (client_is_mail(work->request->url) != is_mail ||
        !client_origin(work->request->url, work->origin, sizeof work->origin)) {
        answer->hopeless = true;
        problem_say(work, is_mail ? "this is no address of smtp or smtps; a good one is "
                                    "smtp://127.0.0.1:25"
                                  : "this is no address of http or https; a good one is "
                                    "http://127.0.0.1:8080/path");
        goto out;
    }
    easy_set(work);
    (is_mail ? mail_set : web_set)(work, list);
    if (curl_multi_add_handle(client->multi, client->easy) != CURLM_OK) {
        problem_say(work, "no memory for a request");
        goto out;
    }
    CURLcode code = CURLE_OK;
    bool     done = transfer(client, work, &code);
    answer_fill(work, done && code == CURLE_OK);
    if (done && code != CURLE_OK)
        end_say(work, code);
    curl_multi_remove_handle(client->multi, client->easy);
out:
    curl_slist_free_all(list);
    return answer->status;
}

int client_ask(Client *client, const ClientRequest *request, ClientAnswer *answer)
{
    Work work = {.request = request, .answer = answer};
    return work_run(client, &work);
}

int client_stream(Client *client, const ClientRequest *request, ClientLine line, void *context,
                  ClientAnswer *answer)
{
    assert(line != NULL);
    assert(request->body == NULL);
    Work work = {.request = request, .answer = answer, .line = line, .context = context};
    return work_run(client, &work);
}

void client_answer_free(ClientAnswer *answer)
{
    free(answer->body);
    answer->body = NULL;
    answer->size = 0;
}

Client *client_open(void)
{
    pthread_once(&once, start);
    Client *client = calloc(1, sizeof *client);
    if (client == NULL)
        return NULL;
    client->multi = curl_multi_init();
    client->easy = curl_easy_init();
    if (client->multi == NULL || client->easy == NULL) {
        client_close(client);
        return NULL;
    }
    return client;
}

void client_close(Client *client)
{
    if (client == NULL)
        return;
    curl_easy_cleanup(client->easy);
    curl_multi_cleanup(client->multi);
    free(client);
}
