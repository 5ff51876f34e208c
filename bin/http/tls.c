/* SPDX-License-Identifier: Apache-2.0 */
#include "http/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_COUNT 3

struct TlsServer {
    SSL_CTX    *context;
    const char *files[FILE_COUNT]; /* Certificate, key, client CA. */
    const char *protocol;
    struct stat seen[FILE_COUNT];
    char        problem[TLS_PROBLEM_SIZE]; /* With the files as they are now. */
};

struct Tls {
    SSL *ssl;
};

static bool is_named(const char *file)
{
    return file != NULL && file[0] != '\0';
}

static void explain(char *problem, const char *what, const char *file)
{
    char          reason[160] = "unknown reason";
    unsigned long error = ERR_peek_last_error();
    if (error != 0)
        ERR_error_string_n(error, reason, sizeof reason);
    ERR_clear_error();
    snprintf(problem, TLS_PROBLEM_SIZE, "cannot use %s %s: %s", what, file, reason);
}

/* A key that others can read is no secret. */
static bool is_secret(const char *key, char *problem)
{
    struct stat status;
    if (stat(key, &status) != 0 || (status.st_mode & (S_IRWXO | S_IWGRP)) == 0)
        return true;
    snprintf(problem, TLS_PROBLEM_SIZE,
             "the private key %s may be read or written by others; chmod 600 %s", key, key);
    return false;
}

static bool context_fill(SSL_CTX *context, const char *const *files, char *problem)
{
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (SSL_CTX_use_certificate_chain_file(context, files[0]) != 1) {
        explain(problem, "the certificate", files[0]);
        return false;
    }
    if (!is_secret(files[1], problem))
        return false;
    if (SSL_CTX_use_PrivateKey_file(context, files[1], SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1) {
        explain(problem, "the private key", files[1]);
        return false;
    }
    if (!is_named(files[2]))
        return true;
    STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(files[2]);
    if (names == NULL || SSL_CTX_load_verify_locations(context, files[2], NULL) != 1) {
        explain(problem, "the certificates of the clients' authority", files[2]);
        sk_X509_NAME_pop_free(names, X509_NAME_free);
        return false;
    }
    SSL_CTX_set_client_CA_list(context, names);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    return true;
}

/* Of what the client names; where nothing of it is spoken here it is sent away. */
static int choose_protocol(SSL *ssl, const unsigned char **ret, unsigned char *ret_size,
                           const unsigned char *offered, unsigned size, void *context)
{
    (void)ssl;
    const char *protocol = context;
    size_t      wanted = strlen(protocol);
    for (unsigned at = 0; at < size; at += 1u + offered[at]) {
        if (offered[at] != wanted || size - at <= wanted ||
            memcmp(offered + at + 1, protocol, wanted) != 0)
            continue;
        *ret = offered + at + 1;
        *ret_size = (unsigned char)wanted;
        return SSL_TLSEXT_ERR_OK;
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

static SSL_CTX *context_make(const char *const *files, const char *protocol, char *problem)
{
    if (!is_named(files[0]) || !is_named(files[1])) {
        snprintf(problem, TLS_PROBLEM_SIZE,
                 "TLS needs a certificate and its key; set tls-certificate and tls-key");
        return NULL;
    }
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context == NULL) {
        explain(problem, "TLS with", files[0]);
        return NULL;
    }
    if (protocol != NULL)
        SSL_CTX_set_alpn_select_cb(context, choose_protocol, (void *)protocol);
    if (context_fill(context, files, problem))
        return context;
    SSL_CTX_free(context);
    return NULL;
}

static bool has_changed(TlsServer *server)
{
    bool changed = false;
    for (int i = 0; i < FILE_COUNT; i++) {
        struct stat now = {0}, *seen = &server->seen[i];
        if (!is_named(server->files[i]) || stat(server->files[i], &now) != 0)
            continue;
        changed |= now.st_ino != seen->st_ino || now.st_size != seen->st_size ||
                   now.st_mtim.tv_sec != seen->st_mtim.tv_sec ||
                   now.st_mtim.tv_nsec != seen->st_mtim.tv_nsec || now.st_mode != seen->st_mode;
        *seen = now;
    }
    return changed;
}

TlsServer *tls_server_open(const TlsFiles *files, char *problem)
{
    TlsServer *server = calloc(1, sizeof *server);
    if (server == NULL) {
        snprintf(problem, TLS_PROBLEM_SIZE, "out of memory");
        return NULL;
    }
    server->files[0] = files->certificate;
    server->files[1] = files->key;
    server->files[2] = files->client_ca;
    server->protocol = files->protocol;
    has_changed(server); /* What is there now counts as seen. */
    server->context = context_make(server->files, server->protocol, problem);
    if (server->context == NULL) {
        free(server);
        return NULL;
    }
    return server;
}

void tls_server_close(TlsServer *server)
{
    if (server == NULL)
        return;
    SSL_CTX_free(server->context);
    free(server);
}

const char *tls_server_refresh(TlsServer *server)
{
    if (!has_changed(server))
        return server->problem;
    SSL_CTX *context = context_make(server->files, server->protocol, server->problem);
    if (context == NULL)
        return server->problem;
    SSL_CTX_free(server->context); /* Connections hold their own share of it. */
    server->context = context;
    server->problem[0] = '\0';
    return server->problem;
}

Tls *tls_begin(TlsServer *server, int descriptor)
{
    Tls *tls = calloc(1, sizeof *tls);
    if (tls == NULL)
        return NULL;
    tls->ssl = SSL_new(server->context);
    if (tls->ssl == NULL || SSL_set_fd(tls->ssl, descriptor) != 1) {
        tls_end(tls);
        return NULL;
    }
    SSL_set_accept_state(tls->ssl);
    return tls;
}

void tls_end(Tls *tls)
{
    if (tls == NULL)
        return;
    SSL_free(tls->ssl);
    free(tls);
}

static TlsAnswer answer(Tls *tls, int done)
{
    if (done == 1)
        return TLS_BYTES;
    switch (SSL_get_error(tls->ssl, done)) {
    case SSL_ERROR_WANT_READ: return TLS_WAIT_READ;
    case SSL_ERROR_WANT_WRITE: return TLS_WAIT_WRITE;
    default: ERR_clear_error(); return TLS_CLOSED;
    }
}

TlsAnswer tls_read(Tls *tls, void *to, size_t size, size_t *ret_size)
{
    ERR_clear_error();
    return answer(tls, SSL_read_ex(tls->ssl, to, size, ret_size));
}

TlsAnswer tls_write(Tls *tls, const void *bytes, size_t size, size_t *ret_size)
{
    ERR_clear_error();
    return answer(tls, SSL_write_ex(tls->ssl, bytes, size, ret_size));
}

bool tls_is_ready(const Tls *tls)
{
    return SSL_is_init_finished(tls->ssl) == 1;
}
