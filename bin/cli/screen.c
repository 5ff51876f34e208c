/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/screen.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define COLUMNS_MIN 20
#define ROWS_MIN 5
#define SIZE_MAX_SHOWN 1000
#define ESCAPE_MS 50 /* What follows an escape in this time belongs to it. */

/* Another page, no cursor, no wrapping at the right edge; and back. */
static const char enter_page[] = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J";
static const char leave_page[] = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";

static const int end_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};

static struct termios          before;
static volatile sig_atomic_t   is_open;
static volatile sig_atomic_t   end_asked;
static volatile sig_atomic_t   page_lost; /* It was given back, and is ours again. */

/* Only what a signal handler may call. */
static void write_all(const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(STDOUT_FILENO, bytes, size);
        if (written < 0 && errno != EINTR && errno != EAGAIN)
            return;
        if (written > 0) {
            bytes += written;
            size -= (size_t)written;
        }
    }
}

static bool take_terminal(void)
{
    struct termios raw = before;
    raw.c_iflag &= ~(tcflag_t)(IXON | ICRNL | INLCR | IGNCR | BRKINT | ISTRIP);
    raw.c_oflag &= ~(tcflag_t)OPOST;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | IEXTEN); /* Ctrl-C and Ctrl-Z stay signals. */
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) != 0)
        return false;
    write_all(enter_page, sizeof enter_page - 1);
    return true;
}

static void give_back(void)
{
    write_all(leave_page, sizeof leave_page - 1);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before); /* If it fails, the terminal is gone. */
}

static void on_end(int number)
{
    (void)number; /* All of them ask for the same. */
    end_asked = 1;
}

static void on_resize(int number)
{
    (void)number; /* It only ends the wait for a key. */
}

/* SA_RESETHAND: the second time it does what it does by itself. */
static void on_crash(int number)
{
    if (is_open)
        give_back();
    raise(number);
}

static void handle(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

static void on_stop(int number)
{
    int kept = errno;
    (void)number; /* Only of SIGTSTP. */
    give_back();
    handle(SIGTSTP, SIG_DFL, 0);
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    raise(SIGTSTP);
    sigprocmask(SIG_UNBLOCK, &stop, NULL); /* Here it stops, and here it goes on. */
    handle(SIGTSTP, on_stop, 0);
    if (!take_terminal())
        end_asked = 1;
    page_lost = 1;
    errno = kept;
}

bool screen_open(void)
{
    if (tcgetattr(STDIN_FILENO, &before) != 0 || !take_terminal())
        return false;
    is_open = 1;
    for (size_t i = 0; i < sizeof end_signals / sizeof end_signals[0]; i++)
        handle(end_signals[i], on_end, 0);
    for (size_t i = 0; i < sizeof crash_signals / sizeof crash_signals[0]; i++)
        handle(crash_signals[i], on_crash, (int)SA_RESETHAND);
    handle(SIGWINCH, on_resize, 0);
    handle(SIGTSTP, on_stop, 0);
    return true;
}

void screen_close(void)
{
    if (!is_open)
        return;
    is_open = 0;
    give_back();
}

static int bounded(int value, int low, int usual)
{
    if (value <= 0)
        return usual;
    return value < low ? low : value > SIZE_MAX_SHOWN ? SIZE_MAX_SHOWN : value;
}

void screen_size(int *ret_columns, int *ret_rows)
{
    struct winsize size = {0};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
        size = (struct winsize){0};
    *ret_columns = bounded(size.ws_col, COLUMNS_MIN, 80);
    *ret_rows = bounded(size.ws_row, ROWS_MIN, 24);
}

/* Each row is erased before it is written: behind a full one the cursor stands on its last
 * character, and would erase that. */
void screen_show(const Buffer *text)
{
    Buffer      frame = {0};
    const char *row = buffer_text(text);
    buffer_puts(&frame, page_lost ? "\x1b[2J\x1b[H" : "\x1b[H");
    page_lost = 0;
    while (*row) {
        size_t size = strcspn(row, "\n");
        bool is_last = row[size] == '\0' || row[size + 1] == '\0';
        buffer_puts(&frame, is_last ? "\x1b[J" : "\x1b[K");
        buffer_add(&frame, row, size);
        row += size;
        buffer_puts(&frame, "\x1b[0m");
        if (*row == '\n' && *++row)
            buffer_puts(&frame, "\r\n");
    }
    write_all(frame.text, frame.size);
    buffer_free(&frame);
}

/* -- keys ------------------------------------------------------------------------------------ */

static bool readable(int timeout_ms)
{
    struct pollfd keys = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&keys, 1, timeout_ms) > 0;
}

/* What follows ESC [ or ESC O. */
static int sequence_key(void)
{
    static const struct {
        const char *sequence;
        int         key;
    } known[] = {{"A", KEY_UP},   {"B", KEY_DOWN}, {"5~", KEY_PAGE_UP}, {"6~", KEY_PAGE_DOWN},
                 {"H", KEY_HOME}, {"F", KEY_LAST}, {"1~", KEY_HOME},    {"4~", KEY_LAST}};
    char   sequence[16] = "";
    size_t size = 0;
    while (size < sizeof sequence - 1 && readable(ESCAPE_MS)) {
        char c;
        if (read(STDIN_FILENO, &c, 1) != 1)
            break;
        sequence[size++] = c;
        if (c >= '@' && c <= '~') /* The last one. */
            break;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(sequence, known[i].sequence) == 0)
            return known[i].key;
    return KEY_NONE;
}

static int key_read(void)
{
    unsigned char c, next;
    ssize_t       got = read(STDIN_FILENO, &c, 1);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return KEY_NONE;
    if (got <= 0)
        return KEY_END;
    if (c == '\r' || c == '\n')
        return KEY_ENTER;
    if (c != 0x1b)
        return c;
    if (!readable(ESCAPE_MS) || read(STDIN_FILENO, &next, 1) != 1)
        return KEY_ESCAPE;
    return next == '[' || next == 'O' ? sequence_key() : KEY_NONE;
}

int screen_key(int wake, int timeout_ms)
{
    struct pollfd waits[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                             {.fd = wake, .events = POLLIN}};
    if (end_asked)
        return KEY_END;
    int ready = poll(waits, 2, timeout_ms);
    if (end_asked)
        return KEY_END;
    if (ready <= 0 || waits[0].revents == 0)
        return KEY_NONE;
    return key_read();
}
